/** The operator's HTTP listeners. */
@NullMarked
package dev.kappa.operator.http;

import org.jspecify.annotations.NullMarked;
