/** How the gateway calls others over HTTP. */
@NullMarked
package dev.kappa.gateway.http;

import org.jspecify.annotations.NullMarked;
