package dev.kappa.controlplane.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the central directory of an archive, since the JDK hides the modes of entries. */
final class ZipDirectory {
    private static final String REPACK = "Pack the code again with zip";
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int ZIP64_COUNT = 0xffff;
    private static final int FILE_TYPE = 0170000;
    private static final int SYMLINK = 0120000;

    /**
     * One entry.
     *
     * @param name as it stands in the archive
     * @param encrypted whether it needs a password
     * @param method 0 stored, 8 deflated
     * @param symlink whether it is a symbolic link
     */
    record Entry(String name, boolean encrypted, int method, boolean symlink) {}

    private ZipDirectory() {}

    static List<Entry> read(FileChannel file, int maxEntries) throws IOException, BadPackageException {
        ByteBuffer end = end(file);
        int count = end.getShort(10) & 0xffff;
        long size = end.getInt(12) & 0xffffffffL;
        long offset = end.getInt(16) & 0xffffffffL;
        if (count > maxEntries || count == ZIP64_COUNT) {
            throw new BadPackageException(
                    "The package has " + count + " entries, more than " + maxEntries,
                    "Leave out what the function does not need at run time, or bundle it");
        }
        if (offset + size > file.size()) {
            throw corrupt("its central directory points outside of the file");
        }
        ByteBuffer directory = slice(file, offset, (int) size);
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(directory));
        }
        if (count == 0) {
            throw new BadPackageException("The package is empty", "Put the handler's files into it");
        }
        return entries;
    }

    static BadPackageException corrupt(String how) {
        return new BadPackageException("The package is not a readable zip archive: " + how, REPACK);
    }

    private static Entry entry(ByteBuffer directory) throws BadPackageException {
        int at = directory.position();
        if (directory.remaining() < ENTRY_LENGTH || directory.getInt(at) != ENTRY_SIGNATURE) {
            throw corrupt("its central directory is damaged");
        }
        int flags = directory.getShort(at + 8);
        int method = directory.getShort(at + 10) & 0xffff;
        int nameLength = directory.getShort(at + 28) & 0xffff;
        int length = ENTRY_LENGTH
                + nameLength
                + (directory.getShort(at + 30) & 0xffff)
                + (directory.getShort(at + 32) & 0xffff);
        if (directory.remaining() < length) {
            throw corrupt("its central directory is cut off");
        }
        byte[] name = new byte[nameLength];
        directory.get(at + ENTRY_LENGTH, name);
        int mode = directory.getInt(at + 38) >>> 16;
        directory.position(at + length);
        return new Entry(
                new String(name, StandardCharsets.UTF_8), (flags & 1) != 0, method, (mode & FILE_TYPE) == SYMLINK);
    }

    private static ByteBuffer end(FileChannel file) throws IOException, BadPackageException {
        int length = (int) Math.min(file.size(), END_LENGTH + MAX_COMMENT);
        ByteBuffer tail = slice(file, file.size() - length, length);
        for (int at = length - END_LENGTH; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE && at + END_LENGTH + (tail.getShort(at + 20) & 0xffff) == length) {
                return tail.slice(at, END_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw corrupt("it has no central directory");
    }

    private static ByteBuffer slice(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("the file ended early");
            }
        }
        return buffer.flip();
    }
}
