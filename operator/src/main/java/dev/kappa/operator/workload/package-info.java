/** What runs in the cluster for a function or a version: one Deployment. */
@NullMarked
package dev.kappa.operator.workload;

import org.jspecify.annotations.NullMarked;
