/** The API server as identity needs it. */
@NullMarked
package dev.kappa.identity.cluster;

import org.jspecify.annotations.NullMarked;
