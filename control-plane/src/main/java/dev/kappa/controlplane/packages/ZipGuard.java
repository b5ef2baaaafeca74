package dev.kappa.controlplane.packages;

import dev.kappa.wire.zip.ZipDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
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
            entries = entries(channel);
        } catch (ZipException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
        checkNames(entries);
        return checkContent(archive, entries);
    }

    private List<ZipDirectory.Entry> entries(FileChannel channel) throws BadPackageException, IOException {
        int count = ZipDirectory.count(channel);
        if (count > limits.entries()) {
            throw new BadPackageException(
                    "The package has " + count + " entries, more than " + limits.entries(),
                    "Leave out what the function does not need at run time, or bundle it");
        }
        if (count == 0) {
            throw new BadPackageException("The package is empty", "Put the handler's files into it");
        }
        return ZipDirectory.read(channel);
    }

    private static BadPackageException corrupt(String how) {
        return new BadPackageException(
                "The package is not a readable zip archive: " + how, "Pack the code again with zip");
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
        if (entry.method() != STORED && entry.method() != DEFLATED) {
            throw new BadPackageException(
                    "'" + name + "' is packed by method " + entry.method(), "Use deflate, which is zip's default");
        }
        if (name.isEmpty() || name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new BadPackageException(
                    "A name of the package is empty, longer than " + MAX_NAME + " characters or holds a NUL",
                    "Rename the file");
        }
        if (name.indexOf('\\') >= 0) {
            throw new BadPackageException(
                    "'" + name + "' has a backslash where folders are divided by slashes",
                    "Pack the code with zip, tar -a -cf or Python's zipfile; .NET's ZipFile of old and some tools on Windows"
                            + " write backslashes");
        }
        boolean absolute = name.startsWith("/") || (name.length() > 1 && name.charAt(1) == ':');
        if (absolute || List.of(name.split("/", -1)).contains("..")) {
            throw new BadPackageException(
                    "'" + name + "' would be unpacked outside of the function's folder",
                    "Pack the files with relative paths, from inside of the folder");
        }
    }

    private long checkContent(Path archive, List<ZipDirectory.Entry> listed) throws BadPackageException, IOException {
        Set<String> links = new HashSet<>();
        for (ZipDirectory.Entry entry : listed) {
            if (entry.symlink()) {
                links.add(entry.name());
            }
        }
        long zipped = Files.size(archive);
        long total = 0;
        int read = 0;
        byte[] buffer = new byte[64 * 1024];
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                read++;
                if (links.contains(entry.getName())) {
                    checkLink(zip, entry);
                }
                CRC32 crc = new CRC32();
                try (InputStream in = zip.getInputStream(entry)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        crc.update(buffer, 0, n);
                        total += n;
                        checkSize(total, zipped);
                    }
                }
                if (entry.getCrc() != crc.getValue()) {
                    throw corrupt("the checksum of '" + entry.getName() + "' is wrong");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
        if (read != listed.size()) {
            throw corrupt("its directory lists " + listed.size() + " entries and " + read + " are there");
        }
        return total;
    }

    private static void checkLink(ZipFile zip, ZipEntry entry) throws BadPackageException, IOException {
        String target;
        try (InputStream in = zip.getInputStream(entry)) {
            target = new String(in.readNBytes(MAX_NAME + 1), StandardCharsets.UTF_8);
        }
        if (target.length() > MAX_NAME || !ZipDirectory.staysInside(entry.getName(), target)) {
            throw new BadPackageException(
                    "'" + entry.getName() + "' is a symbolic link to '" + target
                            + "', which is outside of the package or cannot be told to be inside",
                    "Make it a relative link that goes up (..) at its beginning only, or pack the file itself (zip does so"
                            + " unless given -y)");
        }
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
