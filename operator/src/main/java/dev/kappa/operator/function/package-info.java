/** Functions: each has the Deployment of its latest code. */
@NullMarked
package dev.kappa.operator.function;

import org.jspecify.annotations.NullMarked;
