package dev.kappa.sources.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.SqsSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueAddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            https://sqs.eu-west-1.amazonaws.com/123456789012/orders      | -             | -         | orders   | eu-west-1     | https://sqs.eu-west-1.amazonaws.com
            https://eu-west-1.queue.amazonaws.com/123456789012/a.fifo    | -             | -         | a.fifo   | eu-west-1     | https://eu-west-1.queue.amazonaws.com
            http://queues:9324/000000000000/orders                       | -             | -         | orders   | us-east-1     | http://queues:9324
            http://queues:9324/orders                                    | http://other  | eu-north-1 | orders  | eu-north-1    | http://other
            arn:aws:sqs:ap-south-1:123456789012:orders                   | -             | -         | orders   | ap-south-1    | https://sqs.ap-south-1.amazonaws.com
            arn:aws-cn:sqs:cn-north-1:123456789012:orders                | -             | -         | orders   | cn-north-1    | https://sqs.cn-north-1.amazonaws.com.cn
            arn:aws:sqs:us-east-2:123456789012:orders                    | http://q:9324 | eu-west-1 | orders   | eu-west-1     | http://q:9324
            arn:aws:sqs::000000000000:orders                             | http://q:9324 | -         | orders   | us-east-1     | http://q:9324
            """)
    void namesQueueRegionAndServer(
            String queue,
            @Nullable String endpoint,
            @Nullable String region,
            String name,
            String wantedRegion,
            String wantedEndpoint) {
        SqsSource spec = new SqsSource();
        spec.queue = queue;
        if (endpoint != null) {
            spec.endpoint = endpoint;
        }
        if (region != null) {
            spec.region = region;
        }

        QueueAddress address = QueueAddress.of(spec, "us-east-1");

        assertThat(address.name()).isEqualTo(name);
        assertThat(address.region()).isEqualTo(wantedRegion);
        assertThat(address.endpoint()).hasToString(wantedEndpoint);
        assertThat(address.isFifo()).isEqualTo(name.endsWith(".fifo"));
        assertThat(address.url().isPresent()).isEqualTo(!queue.startsWith("arn:"));
    }
}
