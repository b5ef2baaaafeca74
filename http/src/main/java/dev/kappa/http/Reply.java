package dev.kappa.http;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link ExchangeClient exchange}.
 *
 * @param status HTTP status
 * @param headers name, value, name, value …, as they came
 * @param body all of it
 */
public record Reply(int status, List<String> headers, Buffer body) {
    /**
     * A header.
     *
     * @param name in any case
     * @return the first of that name, null if there is none
     */
    public @Nullable String header(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }
}
