/** What happens in the environment, told to the extensions that subscribed to it. */
@NullMarked
package dev.kappa.shim.telemetry;

import org.jspecify.annotations.NullMarked;
