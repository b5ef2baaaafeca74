package dev.kappa.shim.http;

import java.io.IOException;

/** A request that is refused; the connection ends with the answer, since nobody knows where the next request begins. */
public final class BadRequest extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequest(int status, String reason) {
        super(reason);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
