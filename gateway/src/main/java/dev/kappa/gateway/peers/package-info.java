/** Which gateway owns which function. */
@NullMarked
package dev.kappa.gateway.peers;

import org.jspecify.annotations.NullMarked;
