/** How callers name functions: names, ARNs, and accounts that stand for namespaces. */
@NullMarked
package dev.kappa.gateway.names;

import org.jspecify.annotations.NullMarked;
