package dev.kappa.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Whether the other end of a connection takes what is written to it, as one sees it now and then. */
final class TakenAnswers {
    private static final int PROGRESS_BYTES = 1024;

    private @Nullable Object writing;
    private long written;
    private long taken;
    private long since;

    /**
     * Looks at a connection.
     *
     * @param channel always the same
     * @param now the time, nanoseconds
     * @return for how long less than a kilobyte of what waits was taken, nanoseconds
     */
    long stalled(Channel channel, long now) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? stalled(null, 0, now) : stalled(waiting.current(), waiting.currentProgress(), now);
    }

    /**
     * Looks.
     *
     * @param first what is being written, null for nothing
     * @param progress bytes of it that were taken
     * @param now the time, nanoseconds
     */
    // Two buffers may hold the same bytes.
    @SuppressWarnings("ReferenceEquality")
    long stalled(@Nullable Object first, long progress, long now) {
        if (first == null) {
            writing = null;
            since = now;
            taken = 0;
            return 0;
        }
        taken += first == writing ? progress - written : PROGRESS_BYTES;
        writing = first;
        written = progress;
        if (taken >= PROGRESS_BYTES) {
            since = now;
            taken = 0;
        }
        return now - since;
    }
}
