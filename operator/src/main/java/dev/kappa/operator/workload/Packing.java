package dev.kappa.operator.workload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Compresses texts of one kind: of each little more is kept than its differences from the first one. */
final class Packing {
    private static final int MOST_IN_COMMON = 4096;
    private static final int LENGTH = Integer.BYTES;
    private static final boolean WITHOUT_HEADER = true;

    // One of each for all stores: they have buffers of hundreds of KiB.
    private static final Deflater DEFLATER = new Deflater(Deflater.DEFAULT_COMPRESSION, WITHOUT_HEADER);
    private static final Inflater INFLATER = new Inflater(WITHOUT_HEADER);

    private volatile byte @Nullable [] common;

    byte[] pack(byte[] text) {
        synchronized (DEFLATER) {
            byte[] known = common;
            if (known == null) {
                known = endsOf(text);
                common = known;
            }
            DEFLATER.reset();
            DEFLATER.setDictionary(known);
            DEFLATER.setInput(text);
            DEFLATER.finish();
            byte[] packed = new byte[LENGTH + text.length / 4 + 64];
            int end = LENGTH;
            while (!DEFLATER.finished()) {
                if (end == packed.length) {
                    packed = Arrays.copyOf(packed, 2 * packed.length);
                }
                end += DEFLATER.deflate(packed, end, packed.length - end);
            }
            ByteBuffer.wrap(packed).putInt(0, text.length);
            return Arrays.copyOf(packed, end);
        }
    }

    byte[] unpack(byte[] packed) {
        byte[] text = new byte[ByteBuffer.wrap(packed).getInt(0)];
        synchronized (INFLATER) {
            INFLATER.reset();
            INFLATER.setDictionary(common);
            INFLATER.setInput(packed, LENGTH, packed.length - LENGTH);
            int end = 0;
            try {
                while (end < text.length) {
                    int more = INFLATER.inflate(text, end, text.length - end);
                    if (more == 0) {
                        throw new DataFormatException("it ends after " + end + " of " + text.length + " bytes");
                    }
                    end += more;
                }
            } catch (DataFormatException e) {
                throw new IllegalStateException("what was packed is damaged", e);
            }
        }
        return text;
    }

    /** The frame of an object is at both of its ends, whatever is inside. */
    private static byte[] endsOf(byte[] text) {
        if (text.length <= MOST_IN_COMMON) {
            return text;
        }
        byte[] ends = Arrays.copyOf(text, MOST_IN_COMMON);
        System.arraycopy(text, text.length - MOST_IN_COMMON / 2, ends, MOST_IN_COMMON / 2, MOST_IN_COMMON / 2);
        return ends;
    }
}
