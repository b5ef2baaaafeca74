package dev.kappa.shim.http;

/** Until when a connection's peer has to send, and to take, what has begun. */
final class Deadlines implements Watchdog.Watched {
    private final Watchdog watchdog;
    private final Runnable whenLate;
    private volatile long readBy = Watchdog.NEVER;
    private volatile long writtenBy = Watchdog.NEVER;

    /**
     * To be watched from {@link #begin} to {@link #end}.
     *
     * @param whenLate must not wait for anything
     */
    Deadlines(Watchdog watchdog, Runnable whenLate) {
        this.watchdog = watchdog;
        this.whenLate = whenLate;
    }

    void begin() {
        watchdog.add(this);
    }

    void end() {
        watchdog.remove(this);
    }

    /**
     * Reading begins.
     *
     * @param ms how long it may take, 0 for any time
     */
    void reading(long ms) {
        readBy = ms == 0 ? Watchdog.NEVER : Watchdog.now() + ms * 1_000_000;
        watchdog.due(readBy);
    }

    void read() {
        readBy = Watchdog.NEVER;
    }

    /**
     * Writing begins.
     *
     * @param ms how long it may take, 0 for any time
     */
    void writing(long ms) {
        writtenBy = ms == 0 ? Watchdog.NEVER : Watchdog.now() + ms * 1_000_000;
        watchdog.due(writtenBy);
    }

    void written() {
        writtenBy = Watchdog.NEVER;
    }

    @Override
    public long deadline() {
        return Math.min(readBy, writtenBy);
    }

    @Override
    public void late() {
        readBy = Watchdog.NEVER;
        writtenBy = Watchdog.NEVER;
        whenLate.run();
    }
}
