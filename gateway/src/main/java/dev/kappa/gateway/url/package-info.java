/** Function URLs: functions that HTTP clients call at an address of their own. */
@NullMarked
package dev.kappa.gateway.url;

import org.jspecify.annotations.NullMarked;
