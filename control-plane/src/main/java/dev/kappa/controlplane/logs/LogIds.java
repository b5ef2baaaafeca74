package dev.kappa.controlplane.logs;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.zip.CRC32;

/** Ids of lines: when they were printed, by whom, and which of those of the same moment. */
public final class LogIds {
    private static final int NANOS = 1_000_000_000;
    private static final int TIME = 19;

    private LogIds() {}

    /**
     * The id of a line.
     *
     * @param time when it was printed
     * @param printer who printed it
     * @param ordinal among those that the printer printed at that time
     * @return digits that sort as the time does
     */
    public static String of(Instant time, String printer, int ordinal) {
        CRC32 hash = new CRC32();
        hash.update(printer.getBytes(StandardCharsets.UTF_8));
        return String.format("%010d%09d%010d%07d", time.getEpochSecond(), time.getNano(), hash.getValue(), ordinal);
    }

    /**
     * When the line with an id was printed.
     *
     * @param id as an answer gave it
     * @throws LogsRefusal if none did
     */
    static Instant time(String id) {
        try {
            long nanos = Long.parseLong(id.substring(0, TIME));
            return Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
        } catch (NumberFormatException | IndexOutOfBoundsException | DateTimeException e) {
            throw LogsRefusal.invalid("The specified nextToken is invalid.");
        }
    }
}
