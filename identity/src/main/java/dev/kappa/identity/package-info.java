/** Who calls, what that caller may do, and the tokens by which instances and processes know each other. */
@NullMarked
package dev.kappa.identity;

import org.jspecify.annotations.NullMarked;
