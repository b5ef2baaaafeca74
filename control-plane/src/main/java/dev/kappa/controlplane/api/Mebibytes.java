package dev.kappa.controlplane.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities of Kubernetes in the unit of Lambda's sizes. */
final class Mebibytes {
    private static final Pattern QUANTITY = Pattern.compile("([0-9.]+(?:[eE][0-9]+)?)([A-Za-z]*)");
    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "", BigDecimal.ONE,
            "k", BigDecimal.valueOf(1_000),
            "M", BigDecimal.valueOf(1_000_000),
            "G", BigDecimal.valueOf(1_000_000_000),
            "Ki", BigDecimal.valueOf(1 << 10),
            "Mi", MEBIBYTE,
            "Gi", BigDecimal.valueOf(1 << 30));

    private Mebibytes() {}

    /** A quantity that a CRD admitted, such as {@code 128Mi}; its default if it is not readable. */
    static int of(Object quantity, int otherwise) {
        Matcher matcher = QUANTITY.matcher(String.valueOf(quantity));
        if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
            return otherwise;
        }
        return new BigDecimal(matcher.group(1))
                .multiply(UNITS.get(matcher.group(2)))
                .divide(MEBIBYTE, RoundingMode.HALF_UP)
                .intValue();
    }
}
