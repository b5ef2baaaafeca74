/** What the API server knows of sources. */
@NullMarked
package dev.kappa.sources.cluster;

import org.jspecify.annotations.NullMarked;
