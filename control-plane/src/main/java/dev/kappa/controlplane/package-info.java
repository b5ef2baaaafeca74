/** The process kappa-api: Lambda's API on functions, and packages. */
@NullMarked
package dev.kappa.controlplane;

import org.jspecify.annotations.NullMarked;
