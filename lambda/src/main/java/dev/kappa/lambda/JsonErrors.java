package dev.kappa.lambda;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/** Tells what a parser of JSON says, as Lambda does. */
public final class JsonErrors {
    private JsonErrors() {}

    /**
     * What is wrong, and where.
     *
     * @param error of the parser; one that breaks a limit of its has no place
     * @return a part of a sentence
     */
    public static String text(JsonProcessingException error) {
        JsonLocation at = error.getLocation();
        return error.getOriginalMessage()
                + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
    }
}
