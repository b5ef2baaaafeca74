/** The API server, through the Kubernetes client. */
@NullMarked
package dev.kappa.controlplane.cluster;

import org.jspecify.annotations.NullMarked;
