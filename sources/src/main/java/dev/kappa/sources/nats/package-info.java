/** Takes the messages of JetStream's streams to functions. */
@NullMarked
package dev.kappa.sources.nats;

import org.jspecify.annotations.NullMarked;
