package dev.kappa.shim.java;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's platform loggers, on stderr from INFO on. It exists for one of them: {@code java.lang.Runtime} tells the
 * status of {@link System#exit}, which a shutdown hook cannot learn otherwise.
 */
public final class ExitStatusLoggerFinder extends System.LoggerFinder {
    private static final Pattern STATUS = Pattern.compile("Runtime\\.exit\\(\\) called with status: (-?\\d+)");
    private static volatile @Nullable Integer status;

    /** The status given to {@code System.exit}, null if nobody called it. */
    public static @Nullable Integer status() {
        return status;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Line(name);
    }

    private record Line(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level != Level.OFF && (level.compareTo(Level.INFO) >= 0 || name.equals("java.lang.Runtime"));
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            Matcher exit = STATUS.matcher(message == null ? "" : message);
            if (name.equals("java.lang.Runtime") && exit.find()) {
                status = Integer.valueOf(exit.group(1));
            } else if (isLoggable(level)) {
                System.err.println(level + " " + name + ": " + message + (thrown == null ? "" : " (" + thrown + ")"));
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... arguments) {
            boolean plain = format == null || arguments == null || arguments.length == 0;
            log(level, bundle, plain ? format : MessageFormat.format(format, arguments), (Throwable) null);
        }
    }
}
