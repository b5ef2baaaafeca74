/** What services besides Lambda have in common. */
@NullMarked
package dev.kappa.controlplane.signed;

import org.jspecify.annotations.NullMarked;
