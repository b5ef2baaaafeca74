/** The queue, its outcomes and its dead letters in NATS JetStream. */
@NullMarked
package dev.kappa.gateway.async.jetstream;

import org.jspecify.annotations.NullMarked;
