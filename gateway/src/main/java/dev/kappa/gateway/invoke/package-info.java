/** Lambda's Invoke API. */
@NullMarked
package dev.kappa.gateway.invoke;

import org.jspecify.annotations.NullMarked;
