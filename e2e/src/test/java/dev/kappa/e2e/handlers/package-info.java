/** Handlers of Java functions that tests deploy. */
package dev.kappa.e2e.handlers;
