/** Lambda's extensions: their processes, their API, and handlers that wait for them. */
@NullMarked
package dev.kappa.shim.extensions;

import org.jspecify.annotations.NullMarked;
