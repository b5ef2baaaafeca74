/** Signature Version 4: what a request's signature says and whether it holds. */
@NullMarked
package dev.kappa.lambda.signature;

import org.jspecify.annotations.NullMarked;
