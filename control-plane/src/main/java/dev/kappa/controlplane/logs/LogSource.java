package dev.kappa.controlplane.logs;

import java.time.Instant;
import java.util.List;

/** Where lines of functions are read; blocks, so call it on a virtual thread. */
public interface LogSource {
    /**
     * Lines of one function.
     *
     * @param lines by their ids
     * @param complete whether there are no others; else the next read begins with the last of these
     */
    record Lines(List<LogLine> lines, boolean complete) {}

    /**
     * A stream of lines: an instance.
     *
     * @param name as its handler sees it
     * @param created when it began
     */
    record Stream(String name, Instant created) {}

    /**
     * Reads.
     *
     * @param namespace of the function
     * @param function name of the resource
     * @param since lines before that are left out, as far as the second
     * @return the first lines since then
     */
    Lines read(String namespace, String function, Instant since);

    /**
     * The streams of which lines can be read.
     *
     * @param namespace of the function
     * @param function name of the resource
     */
    List<Stream> streams(String namespace, String function);
}
