package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/** Changes an alias again and again and reads it back, with AWS's client and its retries. */
final class Administrator implements AutoCloseable {
    static final String FUNCTION = "administered";

    private static final String ALIAS = "live";
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Each with a pause before it: longer than kappa-api is away after it was killed. */
    private static final int TRIES = 120;

    private final LambdaClient lambda = LambdaClient.builder()
            .endpointOverride(URI.create(Cluster.shared().endpoint()))
            .region(Region.US_EAST_1)
            .credentialsProvider(Identity.administrator().credentials())
            .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(20)))
            .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .maxAttempts(TRIES)
                    .backoffStrategy(BackoffStrategy.fixedDelay(PAUSE))
                    .circuitBreakerEnabled(false)
                    .build()))
            .build();
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<Integer> calls;

    private Administrator() {
        String version = lambda.publishVersion(it -> it.functionName(FUNCTION)).version();
        lambda.createAlias(it -> it.functionName(FUNCTION).name(ALIAS).functionVersion(version));
        calls = thread.submit(this::call);
    }

    static Administrator start() {
        return new Administrator();
    }

    /** Ends it; fails with the first call that failed, or that saw another thing than the one before had written. */
    int finish() throws InterruptedException, ExecutionException {
        going.set(false);
        try {
            return calls.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LambdaException refused && refused.awsErrorDetails() != null) {
                SdkHttpResponse answer = refused.awsErrorDetails().sdkHttpResponse();
                throw new AssertionError(
                        answer.statusCode() + " " + answer.headers() + " "
                                + refused.awsErrorDetails().rawResponse().asUtf8String(),
                        e);
            }
            throw e;
        }
    }

    private int call() throws InterruptedException {
        int changes = 0;
        while (going.get()) {
            String description = "change " + ++changes;
            lambda.updateAlias(it -> it.functionName(FUNCTION).name(ALIAS).description(description));
            assertThat(lambda.getAlias(it -> it.functionName(FUNCTION).name(ALIAS))
                            .description())
                    .isEqualTo(description);
            Thread.sleep(PAUSE);
        }
        return changes;
    }

    @Override
    public void close() {
        going.set(false);
        thread.close();
        lambda.close();
    }
}
