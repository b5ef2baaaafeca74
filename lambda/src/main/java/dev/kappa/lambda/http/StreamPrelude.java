package dev.kappa.lambda.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the beginning of a streamed answer that says its status and headers: JSON, and eight NUL bytes before the body. */
public final class StreamPrelude {
    /** Content type of answers that begin so. */
    public static final String CONTENT_TYPE = "application/vnd.awslambda.http-integration-response";

    private static final int NULS = 8;
    private static final int MOST = 64 * 1024;

    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    /** Has read nothing. */
    public StreamPrelude() {}

    /**
     * What a streamed answer begins with.
     *
     * @param head status and headers
     * @param rest bytes of the body that came with them
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Begun(HttpAnswer head, byte[] rest) {}

    /**
     * Takes what came.
     *
     * @param bytes the next ones of the answer
     * @return null if more is needed
     * @throws MalformedAnswerException if it is no such beginning
     */
    public @Nullable Begun take(byte[] bytes) throws MalformedAnswerException {
        begun.writeBytes(bytes);
        byte[] all = begun.toByteArray();
        int end = end(all);
        if (end >= 0) {
            return new Begun(head(Arrays.copyOf(all, end)), Arrays.copyOfRange(all, end + NULS, all.length));
        }
        if (all.length > MOST) {
            throw new MalformedAnswerException("The function's streamed answer has no eight NUL bytes within its first "
                    + MOST + " bytes, between its status and its body.");
        }
        return null;
    }

    /** Whether something came, but not all of the beginning. */
    public boolean isIncomplete() {
        return begun.size() > 0;
    }

    private static int end(byte[] all) {
        int nuls = 0;
        for (int i = 0; i < all.length; i++) {
            nuls = all[i] == 0 ? nuls + 1 : 0;
            if (nuls == NULS) {
                return i + 1 - NULS;
            }
        }
        return -1;
    }

    private static HttpAnswer head(byte[] json) throws MalformedAnswerException {
        try (JsonParser parser = HttpAnswer.JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                return AnswerFields.read(parser, json).head();
            }
        } catch (IOException e) {
            // is told below
        }
        throw new MalformedAnswerException("The function's streamed answer does not begin with a JSON object.");
    }
}
