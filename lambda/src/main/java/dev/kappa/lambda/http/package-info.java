/** HTTP calls of functions: their addresses, their events and their answers. */
@NullMarked
package dev.kappa.lambda.http;

import org.jspecify.annotations.NullMarked;
