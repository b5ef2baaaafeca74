package dev.kappa.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Believes every caller: it is the access key that its signature names, which nobody verifies. */
public final class OpenAuthenticator implements Authenticator {
    private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([A-Za-z0-9_-]{1,128})/");

    @Override
    public CompletionStage<Caller> authenticate(RequestHead head) {
        Matcher key = ACCESS_KEY.matcher(String.valueOf(head.header("Authorization")));
        return CompletableFuture.completedFuture(key.find() ? new Caller(key.group(1)) : Caller.ANONYMOUS);
    }
}
