package dev.kappa.lambda.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcePolicyTest {
    private static final String INVOKE = "lambda:InvokeFunction";
    private static final String ADA = "arn:aws:iam::123456789012:role/ada";

    private static Statement statement(String action, String principal, @Nullable String qualifier) {
        return new Statement("one", action, principal, qualifier, null, null, null);
    }

    private static boolean allows(Statement statement, PolicyRequest request) {
        return ResourcePolicy.allows(List.of(statement), request);
    }

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "123456789012, true",
        "arn:aws:iam::123456789012:root, true",
        "arn:aws:iam::123456789012:role/ada, true",
        "arn:aws:iam::123456789012:role/ad, false",
        "arn:aws:iam::123456789012:role/*, false",
        "arn:aws:iam::123456789012:user/ada, false",
        "12345678901, false",
        "210987654321, false",
        "arn:aws:iam::210987654321:root, false",
        "arn:aws:iam::210987654321:role/ada, false",
        "s3.amazonaws.com, false",
        "'', false",
    })
    void aRoleIsWhoTheStatementNamesItselfOrByItsAccount(String principal, boolean allowed) {
        assertThat(allows(statement(INVOKE, principal, null), PolicyRequest.of(INVOKE, null, ADA)))
                .isEqualTo(allowed);
    }

    @Test
    void aUserIsOfNoAccount() {
        String user = "arn:aws:iam::000000000000:user/ada";
        PolicyRequest request = PolicyRequest.of(INVOKE, null, user);

        assertThat(allows(statement(INVOKE, "000000000000", null), request)).isFalse();
        assertThat(allows(statement(INVOKE, user, null), request)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "lambda:*, true",
        "lambda:InvokeFunction, true",
        "lambda:invokefunction, true",
        "lambda:GetFunction, false",
        "lambda:InvokeFunctionUrl, false",
        "lambda:Invoke*, false",
    })
    void anActionIsNamedOrAllAre(String action, boolean allowed) {
        assertThat(allows(statement(action, "*", null), PolicyRequest.of(INVOKE, null, ADA)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        ", , true",
        ", $LATEST, true",
        ", live, false",
        ", 3, false",
        "live, live, true",
        "live, , false",
        "live, 3, false",
        "3, 3, true",
        "3, $LATEST, false",
    })
    void aStatementIsAboutOneQualifier(@Nullable String stated, @Nullable String asked, boolean allowed) {
        assertThat(allows(statement(INVOKE, "*", stated), PolicyRequest.of(INVOKE, asked, ADA)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:s3:::pictures, true",
        "arn:aws:s3:::pict*, true",
        "arn:aws:s3:::pictur?s, true",
        "arn:aws:s3:::*p*c*s, true",
        "arn:aws:s3:::films, false",
        "arn:aws:s3:::picture, false",
        "arn:*, false",
        "arn:*:*:*:*:*, true",
        "*, false",
    })
    void aSourceIsLikeTheStatements(String sourceArn, boolean allowed) {
        Statement statement = new Statement("one", INVOKE, "s3.amazonaws.com", null, sourceArn, "123456789012", null);
        String source = "arn:aws:s3:::pictures";

        assertThat(allows(statement, service("s3.amazonaws.com", source, "123456789012")))
                .isEqualTo(allowed);
        assertThat(allows(statement, service("s3.amazonaws.com", source, "210987654321")))
                .isFalse();
        assertThat(allows(statement, service("sns.amazonaws.com", source, "123456789012")))
                .isFalse();
        assertThat(allows(statement, service("s3.amazonaws.com", null, null))).isFalse();
    }

    private static PolicyRequest service(String name, @Nullable String sourceArn, @Nullable String sourceAccount) {
        return new PolicyRequest(INVOKE, null, name, sourceArn, sourceAccount, null);
    }

    @Test
    void aStatementWithASourceIsNotForWhoCallsForNobody() {
        Statement statement = new Statement("one", INVOKE, "*", null, null, "123456789012", null);

        assertThat(allows(statement, PolicyRequest.of(INVOKE, null, ADA))).isFalse();
    }

    @Test
    void aUrlIsCalledAsTheStatementSays() {
        String action = "lambda:InvokeFunctionUrl";
        Statement open = new Statement("one", action, "*", null, null, null, "NONE");

        assertThat(allows(open, new PolicyRequest(action, null, ADA, null, null, "NONE")))
                .isTrue();
        assertThat(allows(open, new PolicyRequest(action, null, ADA, null, null, "AWS_IAM")))
                .isFalse();
        assertThat(allows(open, PolicyRequest.of(INVOKE, null, ADA))).isFalse();
    }

    @Test
    void patternsEndSoonWhateverTheyAre() {
        String hard = "arn:aws:s3:::" + "*a".repeat(200);
        Statement statement = new Statement("one", INVOKE, "*", null, hard, null, null);

        assertThat(allows(statement, service("*", "arn:aws:s3:::" + "a".repeat(5_000) + "b", null)))
                .isFalse();
    }

    @Test
    void noStatementAllowsNothing() {
        assertThat(ResourcePolicy.allows(List.of(), PolicyRequest.of(INVOKE, null, ADA)))
                .isFalse();
    }
}
