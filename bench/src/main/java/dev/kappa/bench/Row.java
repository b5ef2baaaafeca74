package dev.kappa.bench;

/**
 * One line of the table.
 *
 * @param what what was measured
 * @param kappa Kappa's figure
 * @param reference the figure beside it
 * @param verdict ratio or difference
 */
record Row(String what, String kappa, String reference, String verdict) {
    Row named(String other) {
        return new Row(other, kappa, reference, verdict);
    }

    @Override
    public String toString() {
        return "| " + what + " | " + kappa + " | " + reference + " | " + verdict + " |";
    }
}
