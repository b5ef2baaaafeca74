/** What the ports of the processes share: the pipeline of a public port, bodies, errors, health, clients. */
@NullMarked
package dev.kappa.http;

import org.jspecify.annotations.NullMarked;
