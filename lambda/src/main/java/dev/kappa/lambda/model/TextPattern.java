package dev.kappa.lambda.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A regular expression of the model; it is compiled when it is first needed, and gives up on texts that take it too long. */
public final class TextPattern {
    /** Characters that a match may look at; a text as long as the model allows takes a few thousand. */
    private static final int LOOKS = 4_000_000;

    private final String regex;
    private volatile @Nullable Pattern compiled;

    TextPattern(String regex) {
        this.regex = regex;
    }

    /** Whether it matches all of a text. A text on which it gives up does not match. */
    boolean matches(String text) {
        Pattern pattern = compiled;
        if (pattern == null) {
            pattern = Pattern.compile(regex);
            compiled = pattern;
        }
        try {
            return pattern.matcher(new Counted(text)).matches();
        } catch (TooLongException | StackOverflowError e) {
            return false;
        }
    }

    /** As the model writes it. */
    @Override
    public String toString() {
        return regex;
    }

    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLongException() {
            super("too many looks", null, false, false);
        }
    }

    private static final class Counted implements CharSequence {
        private final String text;
        private int looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > LOOKS) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
