/** Lambda's calls on functions, versions, aliases and their configuration, on the custom resources. */
@NullMarked
package dev.kappa.controlplane.api;

import org.jspecify.annotations.NullMarked;
