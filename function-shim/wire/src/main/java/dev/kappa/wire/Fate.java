package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * How the process that ran an event ended, asked for after the connection to it broke: the shim's supervisor starts a
 * new process in the same container, and that one answers for its predecessor. 404 means that the id is unknown.
 *
 * @param exitStatus exit status of the process, 128 + signal number if a signal ended it (137: killed, out of memory)
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Fate(int exitStatus) {}
