/** Lambda's control plane for versions and aliases, on the custom resources. */
@NullMarked
package dev.kappa.gateway.control;

import org.jspecify.annotations.NullMarked;
