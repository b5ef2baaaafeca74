/** Takes messages of SQS to functions. */
@NullMarked
package dev.kappa.sources.sqs;

import org.jspecify.annotations.NullMarked;
