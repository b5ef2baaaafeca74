package dev.kappa.e2e.handlers;

import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;

/** A Java function that leaves a process behind and tells of those that it finds; only the JDK is on its class path. */
public final class Leaver {
    /** Does what the event says and answers with what it sees. */
    public Map<String, Object> handle(Map<String, String> event) throws IOException, InterruptedException {
        if (event.containsKey("leave")) {
            ProcessBuilder daemon =
                    new ProcessBuilder("/usr/bin/setsid", "/bin/sh", "-c", "/bin/sleep 7654 & /bin/sleep 7654");
            daemon.environment().clear();
            daemon.start();
            Thread.sleep(200);
        }
        switch (event.getOrDefault("do", "")) {
            case "sleep" -> Thread.sleep(60_000);
            case "exit" -> System.exit(3);
            default -> {}
        }
        long left = ProcessHandle.allProcesses()
                .filter(it -> it.info().commandLine().orElse("").contains("sleep 7654"))
                .count();
        return Map.of("left", left, "zone", ZoneId.systemDefault().getId(), "env", System.getenv());
    }
}
