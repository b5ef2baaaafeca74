package dev.kappa.lambda;

/** Lambda's fixed limits that callers run into. */
public final class Quotas {
    /** Bytes of payload that a synchronous event may have. */
    public static final int SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;

    /** Bytes of payload that an asynchronous event may have. */
    public static final int ASYNC_PAYLOAD_BYTES = 1024 * 1024;

    /** Characters of a function's name, ARN and qualifier included, in the calls that take the longest. */
    public static final int FUNCTION_NAME_LENGTH = 170;

    /** Characters of a qualifier. */
    public static final int QUALIFIER_LENGTH = 128;

    /** Characters of the description of a version or an alias. */
    public static final int DESCRIPTION_LENGTH = 256;

    private Quotas() {}
}
