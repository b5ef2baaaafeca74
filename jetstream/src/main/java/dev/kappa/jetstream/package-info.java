/** The queues, stores and leases of Kappa's processes, on NATS JetStream. */
@NullMarked
package dev.kappa.jetstream;

import org.jspecify.annotations.NullMarked;
