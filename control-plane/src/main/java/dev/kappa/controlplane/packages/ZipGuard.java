package dev.kappa.controlplane.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Refuses archives that are damaged, too large, or that would write outside of their folder when unpacked. */
public final class ZipGuard {
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int MAX_NAME = 1024;

    private final PackageLimits limits;

    /**
     * A guard.
     *
     * @param limits what it lets pass
     */
    public ZipGuard(PackageLimits limits) {
        this.limits = limits;
    }

    /**
     * Checks an archive; nothing is written.
     *
     * @param archive the file
     * @return bytes of its content
     * @throws BadPackageException if it is refused
     * @throws IOException if the file cannot be read
     */
    public long check(Path archive) throws BadPackageException, IOException {
        List<ZipDirectory.Entry> entries;
        try (FileChannel channel = FileChannel.open(archive)) {
            entries = ZipDirectory.read(channel, limits.entries());
        }
        checkNames(entries);
        return checkContent(archive, entries.size());
    }

    private static void checkNames(List<ZipDirectory.Entry> entries) throws BadPackageException {
        Set<String> files = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (ZipDirectory.Entry entry : entries) {
            checkEntry(entry);
            String name = entry.name();
            boolean folder = name.endsWith("/");
            String path = folder ? name.substring(0, name.length() - 1) : name;
            if (folder ? folders.contains(path + "//") : !files.add(path)) {
                throw new BadPackageException("The package holds '" + name + "' twice", "Leave one of the two out");
            }
            if (folder) {
                folders.add(path);
            }
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                folders.add(path.substring(0, slash));
            }
        }
        if (!Collections.disjoint(files, folders)) {
            files.retainAll(folders);
            throw new BadPackageException(
                    "'" + files.iterator().next() + "' is a file and a folder", "Rename one of the two");
        }
    }

    private static void checkEntry(ZipDirectory.Entry entry) throws BadPackageException {
        String name = entry.name();
        if (entry.encrypted()) {
            throw new BadPackageException("'" + name + "' is encrypted", "Pack the code without a password");
        }
        if (entry.symlink()) {
            throw new BadPackageException(
                    "'" + name + "' is a symbolic link", "Pack the file it points to (zip does so unless given -y)");
        }
        if (entry.method() != STORED && entry.method() != DEFLATED) {
            throw new BadPackageException(
                    "'" + name + "' is packed by method " + entry.method(), "Use deflate, which is zip's default");
        }
        if (name.isEmpty() || name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new BadPackageException(
                    "A name of the package is empty, longer than " + MAX_NAME + " characters or holds a NUL",
                    "Rename the file");
        }
        boolean absolute = name.startsWith("/") || (name.length() > 1 && name.charAt(1) == ':');
        if (absolute || name.indexOf('\\') >= 0 || List.of(name.split("/", -1)).contains("..")) {
            throw new BadPackageException(
                    "'" + name + "' would be unpacked outside of the function's folder",
                    "Pack the files with relative paths, from inside of the folder");
        }
    }

    private long checkContent(Path archive, int listed) throws BadPackageException, IOException {
        long zipped = Files.size(archive);
        long total = 0;
        int read = 0;
        byte[] buffer = new byte[64 * 1024];
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                read++;
                CRC32 crc = new CRC32();
                try (InputStream in = zip.getInputStream(entry)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        crc.update(buffer, 0, n);
                        total += n;
                        checkSize(total, zipped);
                    }
                }
                if (entry.getCrc() != crc.getValue()) {
                    throw ZipDirectory.corrupt("the checksum of '" + entry.getName() + "' is wrong");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw ZipDirectory.corrupt(String.valueOf(e.getMessage()));
        }
        if (read != listed) {
            throw ZipDirectory.corrupt("its directory lists " + listed + " entries and " + read + " are there");
        }
        return total;
    }

    private void checkSize(long total, long zipped) throws BadPackageException {
        if (total > limits.unzippedBytes()) {
            throw new BadPackageException(
                    "The package's content is larger than " + limits.unzippedBytes() + " bytes",
                    "Leave out what the function does not need, or use a container image (spec.code.image)");
        }
        if (total > limits.ratioFromBytes() && total > zipped * limits.ratio()) {
            throw new BadPackageException(
                    "The package's content is more than " + limits.ratio() + " times its zipped size",
                    "Leave out large files of repeated bytes, or create them at run time in /tmp");
        }
    }
}
