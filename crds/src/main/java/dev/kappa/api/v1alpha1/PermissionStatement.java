package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A statement of the resource policy, as Lambda's AddPermission takes it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class PermissionStatement {
    /** Name of the statement, by which RemovePermission finds it. */
    @Required
    @Size(min = 1, max = 100)
    @Pattern("^[a-zA-Z0-9_-]+$")
    public String statementId;

    /** What is allowed: lambda:InvokeFunction, lambda:InvokeFunctionUrl, another action, lambda:* or *. */
    @Required
    @Size(max = 100)
    @Pattern("^(lambda:[*]|lambda:[a-zA-Z]+|[*])$")
    public String action;

    /**
     * Who may: the 12 digits of a namespace's account, the ARN of a role (a ServiceAccount) or of an account's root, the name
     * of a service such as s3.amazonaws.com, or * for all callers.
     */
    @Required
    @Size(max = 512)
    @Pattern("^[^\\s]+$")
    public String principal;

    /** The version or alias that the statement is about; the function without one if absent. */
    @Size(max = Limits.ALIAS)
    @Pattern("^[a-zA-Z0-9_-]+$")
    public String qualifier;

    /** Pattern of the ARN of what a service calls for. */
    @Size(max = 512)
    @Pattern("^arn:[^\\s]+$")
    public String sourceArn;

    /** Account of what a service calls for. */
    @Size(max = 12)
    @Pattern("^[0-9]{12}$")
    public String sourceAccount;

    /** How the function's URL knows the callers that the statement is about: NONE or AWS_IAM. */
    @ValidationRule(
            value = "self in ['NONE', 'AWS_IAM']",
            messageExpression =
                    "'spec.permissions.functionUrlAuthType: must be one of NONE, AWS_IAM, but is %s'.format([self])")
    @Size(max = 40)
    public String functionUrlAuthType;

    /** Whether the statement is about calls of the function's URL alone (true), or about all but these (false); about all if absent. */
    public Boolean invokedViaFunctionUrl;
}
