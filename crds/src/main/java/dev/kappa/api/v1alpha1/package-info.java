/** The custom resources of Kappa, API group {@code kappa.dev}, version {@code v1alpha1}. */
package dev.kappa.api.v1alpha1;
