package dev.kappa.shim.log;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lines that wait to be written together. They are in a mapped file: the page cache keeps them when the process is killed, and
 * the next process in the container writes them.
 */
final class LogBatch {
    private static final int SIZE = 16 << 10;
    private static final int HEAD = 4;

    private final MappedByteBuffer page;
    private int length;

    /** Goes on with what a predecessor left. */
    LogBatch(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (FileChannel file = FileChannel.open(
                directory.resolve("log"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            if (file.size() != SIZE) {
                // Written rather than left to be filled, since a handler may use up the disk before the first line.
                file.truncate(0).write(ByteBuffer.allocate(SIZE));
            }
            page = file.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        }
        int left = page.getInt(0);
        length = left < 0 || left > SIZE - HEAD ? 0 : left;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Whether the bytes had room. */
    boolean add(byte[] bytes, int offset, int count) {
        if (count > SIZE - HEAD - length) {
            return false;
        }
        page.put(HEAD + length, bytes, offset, count);
        length += count;
        VarHandle.releaseFence(); // who finds the length finds the bytes
        page.putInt(0, length);
        return true;
    }

    /** What waits, followed by the bytes. */
    byte[] with(byte[] bytes, int offset, int count) {
        byte[] all = new byte[length + count];
        page.get(HEAD, all, 0, length);
        System.arraycopy(bytes, offset, all, length, count);
        return all;
    }

    void clear() {
        length = 0;
        page.putInt(0, 0);
    }
}
