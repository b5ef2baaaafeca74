package dev.kappa.sources.sqs;

import dev.kappa.api.v1alpha1.SqsSource;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a queue is.
 *
 * @param name of the queue
 * @param url of it; empty if the server has to be asked for it
 * @param account of it, which that takes; empty for the account of the credentials
 * @param region for which requests are signed
 * @param endpoint of the server
 */
record QueueAddress(String name, Optional<String> url, Optional<String> account, String region, URI endpoint) {
    private static final Pattern AWS = Pattern.compile("(?:sqs[.])?([a-z]{2}-[a-z-]+-[0-9]+)[.].*amazonaws[.]com.*");
    private static final int ARN_PARTS = 6;

    /**
     * What a manifest names.
     *
     * @param spec of the source
     * @param region of the installation
     * @throws IllegalArgumentException if it is no address
     */
    static QueueAddress of(SqsSource spec, String region) {
        if (!spec.queue.startsWith("arn:")) {
            return ofUrl(spec, region);
        }
        String[] parts = spec.queue.split(":", ARN_PARTS);
        String wanted = spec.region != null ? spec.region : parts[3].isEmpty() ? region : parts[3];
        String domain = parts[1].equals("aws-cn") ? ".amazonaws.com.cn" : ".amazonaws.com";
        return new QueueAddress(
                parts[5],
                Optional.empty(),
                Optional.of(parts[4]).filter(it -> !it.isEmpty()),
                wanted,
                URI.create(spec.endpoint != null ? spec.endpoint : "https://sqs." + wanted + domain));
    }

    private static QueueAddress ofUrl(SqsSource spec, String region) {
        URI url = URI.create(spec.queue);
        Matcher aws = AWS.matcher(String.valueOf(url.getHost()));
        String wanted = spec.region != null ? spec.region : aws.matches() ? aws.group(1) : region;
        return new QueueAddress(
                spec.queue.substring(spec.queue.lastIndexOf('/') + 1),
                Optional.of(spec.queue),
                Optional.empty(),
                wanted,
                URI.create(spec.endpoint != null ? spec.endpoint : url.getScheme() + "://" + url.getRawAuthority()));
    }

    boolean isFifo() {
        return name.endsWith(".fifo");
    }

    /** For people. */
    @Override
    public String toString() {
        return "the queue " + name + " at " + endpoint;
    }
}
