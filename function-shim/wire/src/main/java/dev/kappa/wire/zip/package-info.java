/** Reads code packages: whoever checks one and whoever unpacks it see the same. */
@NullMarked
package dev.kappa.wire.zip;

import org.jspecify.annotations.NullMarked;
