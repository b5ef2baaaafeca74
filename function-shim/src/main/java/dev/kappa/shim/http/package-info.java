/** A small HTTP/1.1 server for peers that are known: a thread for each connection, and one write for each answer. */
@NullMarked
package dev.kappa.shim.http;

import org.jspecify.annotations.NullMarked;
