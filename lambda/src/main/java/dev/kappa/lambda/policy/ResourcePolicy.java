package dev.kappa.lambda.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates the statements of a function. */
public final class ResourcePolicy {
    private static final String LATEST = "$LATEST";
    private static final String IAM = "arn:aws:iam::";
    private static final String ROOT = ":root";
    private static final String ROLE = ":role/";
    private static final int ACCOUNT_DIGITS = 12;

    private ResourcePolicy() {}

    /**
     * Whether a statement lets a call in.
     *
     * @param statements of the function
     * @param request the call
     * @return whether one does
     */
    public static boolean allows(List<Statement> statements, PolicyRequest request) {
        for (Statement statement : statements) {
            if (isAbout(statement.qualifier(), request.qualifier())
                    && isAction(statement.action(), request.action())
                    && isPrincipal(statement.principal(), request.principal())
                    && holds(statement, request)) {
                return true;
            }
        }
        return false;
    }

    /** A statement about the function is about none of its versions and aliases. */
    private static boolean isAbout(@Nullable String stated, @Nullable String asked) {
        String one = stated == null ? LATEST : stated;
        return one.equals(asked == null ? LATEST : asked);
    }

    private static boolean isAction(String stated, String asked) {
        return stated.equals("*") || stated.equals("lambda:*") || stated.equalsIgnoreCase(asked);
    }

    private static boolean isPrincipal(String stated, String asked) {
        if (stated.equals("*") || stated.equals(asked)) {
            return true;
        }
        String account = stated.startsWith(IAM) && stated.endsWith(ROOT)
                ? stated.substring(IAM.length(), stated.length() - ROOT.length())
                : stated;
        // Users are of no namespace, although their ARNs show the default one's account.
        return account.length() == ACCOUNT_DIGITS
                && account.chars().allMatch(c -> c >= '0' && c <= '9')
                && asked.startsWith(IAM + account + ROLE);
    }

    private static boolean holds(Statement statement, PolicyRequest request) {
        return (statement.sourceArn() == null || isLike(statement.sourceArn(), request.sourceArn()))
                && isNoneOr(statement.sourceAccount(), request.sourceAccount())
                && isNoneOr(statement.functionUrlAuthType(), request.functionUrlAuthType())
                && (statement.invokedViaFunctionUrl() == null
                        || statement.invokedViaFunctionUrl() == (request.functionUrlAuthType() != null));
    }

    private static boolean isNoneOr(@Nullable String stated, @Nullable String asked) {
        return stated == null || stated.equals(asked);
    }

    /** As IAM's ArnLike: the six parts are compared one by one, so that no asterisk matches a colon but in the last. */
    private static boolean isLike(String pattern, @Nullable String arn) {
        if (arn == null) {
            return false;
        }
        String[] patterns = pattern.split(":", 6);
        String[] parts = arn.split(":", 6);
        if (patterns.length != 6 || parts.length != 6) {
            return false;
        }
        for (int i = 0; i < patterns.length; i++) {
            if (!matches(patterns[i], parts[i])) {
                return false;
            }
        }
        return true;
    }

    /** With {@code *} for any characters and {@code ?} for one; in steps at most the product of both lengths. */
    private static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int from = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
