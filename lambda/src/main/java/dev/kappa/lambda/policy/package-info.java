/** Resource policies: who may invoke a function without a right of his own. */
@NullMarked
package dev.kappa.lambda.policy;

import org.jspecify.annotations.NullMarked;
