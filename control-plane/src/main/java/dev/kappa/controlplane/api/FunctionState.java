package dev.kappa.controlplane.api;

import dev.kappa.api.v1alpha1.ConditionTypes;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code State} and {@code LastUpdateStatus}, for which clients wait, as conditions tell them.
 *
 * @param state Pending, Active or Failed
 * @param update Successful, InProgress or Failed; null while the function is created
 * @param cause why it is not Active and Successful, null if it is
 */
record FunctionState(
        String state, @Nullable String update, @Nullable Cause cause) {
    /**
     * Why a function is where it is.
     *
     * @param message for people
     * @param code one of the service's
     */
    record Cause(String message, String code) {}

    private static final String ACTIVE = "Active";
    private static final String FAILED = "Failed";

    /** What is known of a function or version. */
    static FunctionState of(Resource resource) {
        Optional<JsonObject> ready = resource.condition(ConditionTypes.READY).filter(it -> resource.isObserved());
        boolean runs = resource.status().containsKey("revision");
        return switch (ready.map(it -> it.getString("status")).orElse("Unknown")) {
            case "True" -> new FunctionState(ACTIVE, "Successful", null);
            case "False" -> failed(resource, ready.orElseThrow(), runs);
            default ->
                runs && resource.kind() == Kind.FUNCTION && resource.generation() > 1
                        ? new FunctionState(
                                ACTIVE, "InProgress", new Cause("The function is being updated.", "Creating"))
                        : new FunctionState("Pending", null, new Cause("The function is being created.", "Creating"));
        };
    }

    /** Whether what was asked for last is neither done nor given up; also of a change that only scaling takes notice of. */
    static boolean isChanging(Resource function) {
        return function.condition(ConditionTypes.READY)
                .filter(it -> !"Unknown".equals(it.getString("status")))
                .isEmpty();
    }

    /** Without its code a function goes on as it was; with code that does not start it cannot. */
    private static FunctionState failed(Resource resource, JsonObject ready, boolean runs) {
        boolean goesOn = runs && !hasCode(resource);
        String message = ready.getString("message", "");
        return new FunctionState(
                goesOn ? ACTIVE : FAILED, FAILED, new Cause(message, code(ready.getString("reason", ""))));
    }

    /** Whether the code of the spec as it is was stored. */
    static boolean hasCode(Resource resource) {
        return resource.isObserved()
                && resource.condition(ConditionTypes.CODE_READY)
                        .filter(it -> "True".equals(it.getString("status")))
                        .isPresent();
    }

    private static String code(String reason) {
        return switch (reason) {
            case "PackageNotFound", "PackageRefused", "FetchFailed", "DigestMismatch", "ObjectNotFound" ->
                "InvalidZipFileException";
            case "HandlerNotLoadable" -> "FunctionError";
            case "ErrImagePull", "ImagePullBackOff", "InvalidImageName" -> "InvalidImage";
            case "CreateContainerConfigError" -> "InvalidConfiguration";
            default -> "InternalError";
        };
    }

    /** Adds the fields of a FunctionConfiguration. */
    void addTo(JsonObject configuration) {
        configuration.put("State", state);
        if (cause != null && !state.equals(ACTIVE)) {
            configuration.put("StateReason", cause.message()).put("StateReasonCode", cause.code());
        }
        if (update != null) {
            configuration.put("LastUpdateStatus", update);
        }
        if (cause != null && update != null) {
            configuration
                    .put("LastUpdateStatusReason", cause.message())
                    .put("LastUpdateStatusReasonCode", cause.code());
        }
    }
}
