/** NetworkPolicies of functions: who may connect to their instances, and where these may connect to. */
@NullMarked
package dev.kappa.operator.network;

import org.jspecify.annotations.NullMarked;
