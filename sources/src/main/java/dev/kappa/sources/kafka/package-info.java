/** Takes the records of Kafka's topics to functions. */
@NullMarked
package dev.kappa.sources.kafka;

import org.jspecify.annotations.NullMarked;
