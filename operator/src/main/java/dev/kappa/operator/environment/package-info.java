/** Environment variables whose values Secrets and ConfigMaps hold. */
@NullMarked
package dev.kappa.operator.environment;

import org.jspecify.annotations.NullMarked;
