package dev.kappa.controlplane.packages;

import dev.kappa.http.BodyReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Streams an upload into a temporary file, counting and hashing; a refused one leaves nothing behind. */
final class PackageReceiver {
    /**
     * A package that came whole.
     *
     * @param file a temporary file; whoever gets it deletes it
     * @param sha256 64 lower-case hex digits
     * @param size bytes
     */
    record Received(Path file, String sha256, long size) {}

    private final Vertx vertx;
    private final PackageLimits limits;
    private final ZipGuard guard;

    PackageReceiver(Vertx vertx, PackageLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
        this.guard = new ZipGuard(limits);
    }

    void check(Received received) throws BadPackageException, IOException {
        guard.check(received.file());
    }

    Future<Received> receive(HttpServerRequest request) {
        String announced = request.getHeader("Content-Length");
        if (announced != null && announced.length() < 19 && Long.parseLong(announced) > limits.zippedBytes()) {
            BodyReader.discard(request, 0);
            return Future.failedFuture(tooLarge());
        }
        request.pause();
        return vertx.fileSystem()
                .createTempFile("kappa-package-", ".zip")
                .compose(path -> vertx.fileSystem()
                        .open(path, new OpenOptions().setWrite(true).setTruncateExisting(true))
                        .compose(file -> copy(request, file, Path.of(path)))
                        .recover(e -> vertx.fileSystem().delete(path).transform(deleted -> Future.failedFuture(e))))
                .onFailure(e -> BodyReader.discard(request, 0));
    }

    private Future<Received> copy(HttpServerRequest request, AsyncFile file, Path path) {
        Promise<Received> promise = Promise.promise();
        MessageDigest digest = sha256();
        long[] size = {0};
        request.handler(chunk -> {
            size[0] += chunk.length();
            if (size[0] > limits.zippedBytes()) {
                BodyReader.discard(request, size[0]);
                promise.tryFail(tooLarge());
                return;
            }
            digest.update(chunk.getBytes());
            file.write(chunk).onFailure(promise::tryFail);
            if (file.writeQueueFull()) {
                request.pause();
                file.drainHandler(drained -> request.resume());
            }
        });
        request.exceptionHandler(e -> promise.tryFail(
                new BadPackageException("The upload broke off (" + e.getMessage() + ")", "PackageReceiver it again")));
        request.endHandler(
                end -> promise.tryComplete(new Received(path, HexFormat.of().formatHex(digest.digest()), size[0])));
        request.resume();
        return promise.future().eventually(file::close);
    }

    private BadPackageException tooLarge() {
        return new BadPackageException(
                "The package is larger than " + limits.zippedBytes() + " bytes",
                "Leave out what the function does not need, or use a container image (spec.code.image)");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
