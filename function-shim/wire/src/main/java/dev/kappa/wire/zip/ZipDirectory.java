package dev.kappa.wire.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads the central directory of a package, since the JDK hides the modes of entries; whoever checks a package and
 * whoever unpacks it see the same.
 */
public final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int FILE_TYPE = 0170000;
    private static final int SYMLINK = 0120000;
    private static final int PERMISSIONS = 0777;

    /**
     * One entry.
     *
     * @param name as it stands in the archive
     * @param encrypted whether it needs a password
     * @param method 0 stored, 8 deflated
     * @param mode type and permissions as Unix has them, 0 if the packer knew none
     */
    public record Entry(String name, boolean encrypted, int method, int mode) {
        /** Whether it is a symbolic link, whose content is its target. */
        public boolean symlink() {
            return (mode & FILE_TYPE) == SYMLINK;
        }

        /** Who may read, write and execute it; 0 if the packer knew it not. */
        public int permissions() {
            return mode & PERMISSIONS;
        }
    }

    private ZipDirectory() {}

    /**
     * How many entries there are; a directory of 64 bits has 65,535 here.
     *
     * @param file the archive
     * @throws ZipException if it is no archive
     */
    public static int count(FileChannel file) throws IOException {
        return end(file).getShort(10) & 0xffff;
    }

    /**
     * All entries in their order.
     *
     * @param file the archive
     * @throws ZipException if the directory is damaged
     */
    public static List<Entry> read(FileChannel file) throws IOException {
        ByteBuffer end = end(file);
        int count = end.getShort(10) & 0xffff;
        long size = end.getInt(12) & 0xffffffffL;
        long offset = end.getInt(16) & 0xffffffffL;
        if (offset + size > file.size()) {
            throw new ZipException("its central directory points outside of the file");
        }
        ByteBuffer directory = slice(file, offset, (int) size);
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry(directory));
        }
        return entries;
    }

    /**
     * Whether a symbolic link leads to a place inside of the package. It may go up only at its beginning: after the name of
     * another link, {@code ..} leads elsewhere than the text says.
     *
     * @param link name of the link, relative to the package
     * @param target what the link holds
     */
    public static boolean staysInside(String link, String target) {
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\\') >= 0 || target.indexOf('\0') >= 0) {
            return false;
        }
        int depth = 0;
        for (int slash = link.indexOf('/'); slash >= 0; slash = link.indexOf('/', slash + 1)) {
            depth++;
        }
        boolean down = false;
        for (String part : target.split("/", -1)) {
            if (!part.equals("..")) {
                down |= !part.isEmpty() && !part.equals(".");
            } else if (down || --depth < 0) {
                return false;
            }
        }
        return true;
    }

    private static Entry entry(ByteBuffer directory) throws ZipException {
        int at = directory.position();
        if (directory.remaining() < ENTRY_LENGTH || directory.getInt(at) != ENTRY_SIGNATURE) {
            throw new ZipException("its central directory is damaged");
        }
        int flags = directory.getShort(at + 8);
        int method = directory.getShort(at + 10) & 0xffff;
        int nameLength = directory.getShort(at + 28) & 0xffff;
        int length = ENTRY_LENGTH
                + nameLength
                + (directory.getShort(at + 30) & 0xffff)
                + (directory.getShort(at + 32) & 0xffff);
        if (directory.remaining() < length) {
            throw new ZipException("its central directory is cut off");
        }
        byte[] name = new byte[nameLength];
        directory.get(at + ENTRY_LENGTH, name);
        int mode = directory.getInt(at + 38) >>> 16;
        directory.position(at + length);
        return new Entry(new String(name, StandardCharsets.UTF_8), (flags & 1) != 0, method, mode);
    }

    private static ByteBuffer end(FileChannel file) throws IOException {
        int length = (int) Math.min(file.size(), END_LENGTH + MAX_COMMENT);
        ByteBuffer tail = slice(file, file.size() - length, length);
        for (int at = length - END_LENGTH; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE && at + END_LENGTH + (tail.getShort(at + 20) & 0xffff) == length) {
                return tail.slice(at, END_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new ZipException("it has no central directory");
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
