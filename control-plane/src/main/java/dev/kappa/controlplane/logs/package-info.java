/** CloudWatch Logs, as far as it shows what functions print. */
@NullMarked
package dev.kappa.controlplane.logs;

import org.jspecify.annotations.NullMarked;
