/** Lambda's API as botocore's service model describes it: routes, parameters and their constraints, answers and errors. */
@NullMarked
package dev.kappa.lambda.model;

import org.jspecify.annotations.NullMarked;
