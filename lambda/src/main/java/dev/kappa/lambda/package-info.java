/** AWS's side of the contract: names and ARNs, errors, limits and parameters; knows neither Kubernetes nor an HTTP server. */
@NullMarked
package dev.kappa.lambda;

import org.jspecify.annotations.NullMarked;
