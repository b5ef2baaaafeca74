package dev.kappa.identity;

import dev.kappa.lambda.signature.Credential;
import dev.kappa.lambda.signature.PresentedSignature;
import dev.kappa.lambda.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/** A secret with which a caller signs, and who that is. */
public final class AccessKey {
    private final String id;
    private final String secret;
    private final Caller caller;

    /** Callers sign for one service all day long. */
    private volatile @Nullable Derived last;

    private record Derived(Credential credential, SigningKey key) {}

    /**
     * A key.
     *
     * @param id the access key id
     * @param secret the secret access key
     * @param caller who signs with it
     */
    public AccessKey(String id, String secret, Caller caller) {
        this.id = id;
        this.secret = secret;
        this.caller = caller;
    }

    /**
     * The access key id.
     *
     * @return as callers name it
     */
    public String id() {
        return id;
    }

    /**
     * Who signs with it.
     *
     * @return the caller
     */
    public Caller caller() {
        return caller;
    }

    boolean made(PresentedSignature signature, RequestHead head, String payloadHash) {
        Derived derived = last;
        if (derived == null || !derived.credential().equals(signature.credential())) {
            derived = new Derived(signature.credential(), SigningKey.derive(secret, signature.credential()));
            last = derived;
        }
        return signature.isBy(derived.key(), head, payloadHash);
    }

    @Override
    public String toString() {
        return "access key " + id + " of " + caller.name();
    }
}
