package dev.kappa.operator.status;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** The API server refuses what a resource needs, and will again until somebody changes something. */
public final class RefusedWriteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Tells what was refused.
     *
     * @param object kind and name of what was to be written
     * @param cause the API server's answer
     */
    public RefusedWriteException(String object, KubernetesClientException cause) {
        super(object + " is refused: " + Failure.said(cause), cause);
    }

    /**
     * Whether an answer of the API server is a refusal: neither a conflict nor a moment of weakness.
     *
     * @param e the answer
     */
    public static boolean is(KubernetesClientException e) {
        return switch (e.getCode()) {
            case 400, 401, 403, 405, 413, 422 -> true;
            default -> false;
        };
    }
}
