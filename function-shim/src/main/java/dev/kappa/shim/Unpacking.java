package dev.kappa.shim;

import dev.kappa.wire.zip.ZipDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Unpacks code and layers, which together may not be larger than Lambda's limit; later ones over earlier ones. */
final class Unpacking {
    private static final long MAX_UNPACKED = 250L << 20;
    private static final int MAX_TARGET = 1024;

    /** As files are without modes: nobody writes them, as on Lambda; and the function itself may always read. */
    private static final int PLAIN = 0444;

    private static final int OWNER_READS = 0400;
    private static final int PROGRAM = 0555;
    private static final int WRITES = 0222;
    private static final int FOLDER = 0755;
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> NEW =
            PosixFilePermissions.asFileAttribute(permissions(PLAIN));

    private final Set<Path> folders = new HashSet<>();
    private long left;
    private boolean links;

    Unpacking() {
        this(MAX_UNPACKED);
    }

    /**
     * @param limit bytes of all content, a test's
     */
    Unpacking(long limit) {
        left = limit;
    }

    /**
     * Unpacks below {@code root} and nowhere else.
     *
     * @throws IOException if a name or a link leaves the root, or the content of all packages is larger than 250 MiB
     */
    void extract(Path zip, Path root) throws IOException {
        Map<String, Integer> modes = modes(zip);
        Map<Path, Path> targets = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path place = place(root, entry.getName());
                int mode = modes.getOrDefault(entry.getName(), 0);
                if (entry.isDirectory()) {
                    open(place, root);
                } else if (mode < 0) {
                    targets.put(place, target(file, entry));
                } else {
                    write(file, entry, place, root, mode);
                }
            }
        }
        // When all files are written, so that none is written through one of them.
        for (Map.Entry<Path, Path> link : targets.entrySet()) {
            prepare(link.getKey(), root);
            Files.createSymbolicLink(link.getKey(), link.getValue());
        }
        links |= !targets.isEmpty();
    }

    /** Permissions of the files that have some, -1 for symbolic links. */
    private static Map<String, Integer> modes(Path zip) throws IOException {
        Map<String, Integer> modes = new HashMap<>();
        try (FileChannel channel = FileChannel.open(zip)) {
            for (ZipDirectory.Entry entry : ZipDirectory.read(channel)) {
                if (entry.symlink() || entry.permissions() != 0) {
                    modes.put(entry.name(), entry.symlink() ? -1 : entry.permissions());
                }
            }
        }
        return modes;
    }

    private static Path place(Path root, String name) throws IOException {
        Path place;
        try {
            place = root.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new IOException("the package has an entry that cannot be a file: " + e.getMessage(), e);
        }
        if (!place.startsWith(root)) {
            throw new IOException("the package has an entry outside of it: " + name);
        }
        return place;
    }

    private static Path target(ZipFile file, ZipEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            String target = new String(in.readNBytes(MAX_TARGET), StandardCharsets.UTF_8);
            if (!ZipDirectory.staysInside(entry.getName(), target)) {
                throw new IOException("the package has a link outside of it: " + entry.getName() + " to " + target);
            }
            return Path.of(target);
        }
    }

    /** The folder is there and the place is free, also of a link that something left there. */
    private void prepare(Path place, Path root) throws IOException {
        Path parent = place.getParent();
        if (parent != null) {
            open(parent, root);
            if (links && !parent.toRealPath().startsWith(root.toRealPath())) {
                throw new IOException("the package has an entry below a link that leads outside of it: " + place);
            }
        }
        Files.deleteIfExists(place);
    }

    /** The folder is there and can be written to, also if an earlier environment of this container sealed it. */
    private void open(Path folder, Path root) throws IOException {
        for (Path at = folder; at != null && at.startsWith(root) && folders.add(at); at = at.getParent()) {
            if (Files.exists(at) && !Files.isWritable(at)) {
                Files.setPosixFilePermissions(at, permissions(FOLDER));
            }
        }
        Files.createDirectories(folder);
    }

    /**
     * Takes the right to write from the folders of what was unpacked: code does not change while it runs, as on Lambda, where its file
     * system is read-only. A handler that wants to can take it back, for its own instance.
     *
     * @throws IOException if a folder is gone
     */
    void seal() throws IOException {
        for (Path folder : folders) {
            Files.setPosixFilePermissions(folder, permissions(PROGRAM));
        }
        folders.clear();
    }

    private void write(ZipFile file, ZipEntry entry, Path place, Path root, int mode) throws IOException {
        prepare(place, root);
        byte[] block = new byte[16_384];
        boolean first = true;
        boolean program = false;
        try (InputStream in = file.getInputStream(entry);
                OutputStream out = Channels.newOutputStream(Files.newByteChannel(place, CREATE, NEW))) {
            for (int n = in.readNBytes(block, 0, block.length); n > 0; n = in.readNBytes(block, 0, block.length)) {
                program |= first && isProgram(block, n);
                first = false;
                left -= n;
                if (left < 0) {
                    throw new IOException(
                            "code and layers unpack to more than 250 MiB; leave out what the function does not"
                                    + " need, or use an image (spec.code.image)");
                }
                out.write(block, 0, n);
            }
        }
        int permissions = (mode == 0 ? PLAIN : (mode & ~WRITES) | OWNER_READS) | (program ? PROGRAM : 0);
        if (permissions != PLAIN) {
            Files.setPosixFilePermissions(place, permissions(permissions));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    /** Some packers know no modes, and Lambda's tools of inline code neither. */
    private static boolean isProgram(byte[] head, int length) {
        boolean script = length > 2 && head[0] == '#' && head[1] == '!';
        boolean elf = length > 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
        return script || elf;
    }
}
