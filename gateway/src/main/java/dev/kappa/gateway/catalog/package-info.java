/** What the gateway knows of functions, versions and aliases; resolves a qualifier without any call. */
@NullMarked
package dev.kappa.gateway.catalog;

import org.jspecify.annotations.NullMarked;
