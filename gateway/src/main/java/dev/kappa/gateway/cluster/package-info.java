/** The gateway's view of the Kubernetes API: informers that feed the pure parts. */
@NullMarked
package dev.kappa.gateway.cluster;

import org.jspecify.annotations.NullMarked;
