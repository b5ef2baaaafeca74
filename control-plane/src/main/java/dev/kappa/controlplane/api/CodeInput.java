package dev.kappa.controlplane.api;

import dev.kappa.controlplane.packages.BadPackageException;
import dev.kappa.controlplane.packages.PackageLimits;
import dev.kappa.controlplane.packages.ZipGuard;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import dev.kappa.stores.packages.PackageStore;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The code that a call gives, as {@code spec.code} has it; a zip file is stored first. */
final class CodeInput {
    private final PackageStore packages;
    private final ZipGuard guard = new ZipGuard(PackageLimits.LAMBDA);

    CodeInput(PackageStore packages) {
        this.packages = packages;
    }

    /** Whether it is an image rather than a package. */
    static boolean isImage(Members code) {
        return code.has("ImageUri");
    }

    /**
     * The fields of {@code spec.code} to set; null takes one away.
     *
     * @param namespace whose package it is
     * @param code what the call gives
     * @throws RefusedException 400 if it gives none or several, or a zip file that the guards refuse
     */
    JsonObject read(String namespace, Members code) {
        boolean hasBucket = code.has("S3Bucket") || code.has("S3Key");
        int given = (code.has("ZipFile") ? 1 : 0) + (hasBucket ? 1 : 0) + (isImage(code) ? 1 : 0);
        if (given != 1 || (hasBucket && !(code.has("S3Bucket") && code.has("S3Key")))) {
            throw new RefusedException(
                    AwsError.invalidParameter(
                            "Please provide a source for function code: exactly one of ZipFile, S3Bucket with S3Key, and ImageUri."));
        }
        if (isImage(code)) {
            return new JsonObject().put("image", new JsonObject().put("reference", code.text("ImageUri")));
        }
        JsonObject read = new JsonObject().putNull("inline").putNull("url").putNull("image");
        if (hasBucket) {
            return read.putNull("package")
                    .put(
                            "s3",
                            new JsonObject()
                                    .put("bucket", code.text("S3Bucket"))
                                    .put("key", code.text("S3Key"))
                                    .put("versionId", code.text("S3ObjectVersion")));
        }
        byte[] zip = code.bytes("ZipFile");
        String sha256 = store(namespace, zip == null ? new byte[0] : zip);
        return read.putNull("s3").put("package", new JsonObject().put("sha256", sha256));
    }

    /**
     * Stores a zip file.
     *
     * @return its digest as hex digits
     * @throws RefusedException 400 for one that the guards refuse, 503 if the store does not work
     */
    String store(String namespace, byte[] zip) {
        String sha256 = sha256(zip);
        withFile(file -> {
            Files.write(file, zip);
            try {
                guard.check(file);
            } catch (BadPackageException e) {
                throw new RefusedException(AwsError.invalidParameter(
                        "Could not unzip uploaded file. Please check your file, then try to upload again. "
                                + e.getMessage()));
            }
            packages.put(namespace, sha256, file);
        });
        return sha256;
    }

    /**
     * Gives a namespace what another one has.
     *
     * @throws RefusedException 503 if the store does not work
     */
    void copy(String from, String sha256, String to) {
        withFile(file -> {
            if (packages.size(to, sha256).isPresent()) {
                return;
            }
            try (OutputStream out = Files.newOutputStream(file)) {
                packages.get(from, sha256, out);
            }
            packages.put(to, sha256, file);
        });
    }

    private interface Work {
        void on(Path file) throws IOException;
    }

    private static void withFile(Work work) {
        try {
            Path file = Files.createTempFile("kappa-code-", ".zip");
            try {
                work.on(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new RefusedException(
                    AwsError.service(503, "The package store does not work: " + e.getMessage() + ". Try again."));
        }
    }

    private static String sha256(byte[] zip) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(zip));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
