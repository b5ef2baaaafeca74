package dev.kappa.shim.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux knows about a process. */
public final class ProcessStats {
    private static final int TICKS_PER_SECOND = 100;

    private ProcessStats() {}

    /** Largest resident memory, MiB, 0 if the process is gone. */
    public static int peakMemoryMb(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    String kib = line.substring(6, line.length() - 2).strip();
                    return (int) Math.ceilDiv(Long.parseLong(kib), 1024L);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }

    /** When the process started, epoch milliseconds to 10 ms; now if the kernel does not say. */
    public static long startedAtMs(long pid) {
        long now = System.currentTimeMillis();
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // the second field is the command in parentheses and may contain blanks; starttime is the 22nd
            List<String> rest =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            double startedS = Long.parseLong(rest.get(19)) / (double) TICKS_PER_SECOND;
            String uptime = Files.readString(Path.of("/proc/uptime"));
            double upS = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return now - Math.max(0, Math.round((upS - startedS) * 1000));
        } catch (IOException | RuntimeException e) {
            return now;
        }
    }
}
