package dev.kappa.wire;

/** Paths, ports and header names of Kappa's internal HTTP calls; none of them is reachable by callers of functions. */
public final class Wire {
    /** Port on which the shim of every pod listens. */
    public static final int SHIM_PORT = 8080;

    /** Loopback port of the Runtime API in pods whose runtime is another container than the shim. */
    public static final int RUNTIME_API_PORT = 9001;

    /** Port of the gateway's internal listener: hello, packages, forwarded events. */
    public static final int GATEWAY_INTERNAL_PORT = 8081;

    /** Port on which every operator replica takes demand reports. */
    public static final int OPERATOR_DEMAND_PORT = 8081;

    /** Gateway → shim, {@code POST}: runs one event; body and answer are the raw payloads. */
    public static final String INVOKE = "/invoke";

    /** Gateway → shim, {@code GET ?id=<request id>}: how an event ended whose connection broke, see {@link Fate}. */
    public static final String FATE = "/fate";

    /** Anyone in the pod network → shim, {@code GET}: Prometheus text. */
    public static final String METRICS = "/metrics";

    /** Gateway → shim, {@code GET}: a {@link ShimState} as JSON, for a gateway that becomes the owner. */
    public static final String STATE = "/state";

    /** Shim → gateway, {@code POST}: a {@link Hello} as JSON, answered 200 once the owner gateway knows the instance. */
    public static final String HELLO = "/internal/v1/hello";

    /** Shim → gateway, {@code POST}: a {@link Farewell} as JSON, answered 200 once the owner gateway knows. */
    public static final String FAREWELL = "/internal/v1/farewell";

    /**
     * Shim → gateway, {@code POST}: an {@link InstanceIdentity} as JSON, answered by temporary credentials of the execution role
     * in the form of AWS's container credentials; 503 while the pod is not known yet.
     */
    public static final String CREDENTIALS = "/internal/v1/credentials";

    /** Handler → shim, {@code GET} on loopback with {@link InstanceToken#ofHandler}: the same credentials. */
    public static final String ROLE = "/role";

    /** Kubelet → shim, {@code GET}: refuses new events from now on; answered once the running ones ended. */
    public static final String DRAIN = "/drain";

    /**
     * Shim → gateway {@code GET …/<namespace>/<sha256>}; operator → gateway {@code HEAD …/<namespace>/<sha256>} and
     * {@code PUT …/<namespace>} (body: zip; answer 201 {@code {"sha256":…,"size":…}}).
     */
    public static final String PACKAGES = "/internal/v1/packages";

    /** Gateway → operator, {@code POST}: a {@link DemandReport} as JSON, answered by a {@link DemandAnswer}. */
    public static final String DEMAND = "/v1/demand";

    /** An {@link InstanceToken}: proves a shim to the gateway and the gateway to a shim. */
    public static final String TOKEN = "X-Kappa-Token";

    /** Between gateways, operators and kappa-api: proves the caller to the one that it means, by {@link PlatformTokens}. */
    public static final String PLATFORM = "X-Kappa-Platform";

    /** Answer to a call with {@link #PLATFORM}: proves who answers. */
    public static final String PROOF = "X-Kappa-Proof";

    /** Shim → gateway, with a request for a package: whose token it shows, {@code <function>/<version>/<pod>}. */
    public static final String INSTANCE = "X-Kappa-Instance";

    /** The event's request id, a UUID; the handler's context shows the same. */
    public static final String REQUEST_ID = "X-Kappa-Request-Id";

    /** Of a batch that kappa-sources brings: for how many seconds it waits for an instance, behind the events of callers. */
    public static final String WAITS_SECONDS = "X-Kappa-Waits-Seconds";

    /** The ARN by which the caller invoked the function, qualifier included if there was one. */
    public static final String INVOKED_ARN = "X-Kappa-Invoked-Arn";

    /** The caller's {@code X-Amz-Client-Context}, base64 as it came; absent if there was none. */
    public static final String CLIENT_CONTEXT = "X-Kappa-Client-Context";

    /** Trace header, passed through in both directions. */
    public static final String TRACE_ID = "X-Amzn-Trace-Id";

    /** Whose event it is, for functions that tell tenants apart; absent if nobody said. */
    public static final String TENANT_ID = "X-Kappa-Tenant-Id";

    /** Request header {@code streaming}: the answer may come as the handler writes it, see {@link #STREAMED}. */
    public static final String RESPONSE_MODE = "X-Kappa-Response-Mode";

    /** Value of {@link #RESPONSE_MODE}. */
    public static final String STREAMING = "streaming";

    /**
     * Answer header {@code 1}: the body comes in chunks as the handler writes it, and what is else in the answer's headers comes
     * in its trailers.
     */
    public static final String STREAMED = "X-Kappa-Streamed";

    /** Header or trailer of an answer to {@link #STREAMING} with {@link #FUNCTION_ERROR}: Lambda's errorType. */
    public static final String ERROR_TYPE = "X-Kappa-Error-Type";

    /** Trailer of a {@link #STREAMED} answer with {@link #FUNCTION_ERROR}: base64 of the error object. */
    public static final String ERROR_BODY = "X-Kappa-Error-Body";

    /** Request header {@code Tail}: the answer carries {@link #LOG_RESULT}. */
    public static final String LOG_TYPE = "X-Kappa-Log-Type";

    /** Answer header: base64 of the last 4 KiB that the event logged. */
    public static final String LOG_RESULT = "X-Kappa-Log-Result";

    /** Answer header {@code Unhandled}: the body is an error object of the function. */
    public static final String FUNCTION_ERROR = "X-Kappa-Function-Error";

    /** Answer header: time the handler ran, in microseconds. */
    public static final String DURATION_US = "X-Kappa-Duration-Us";

    /** Answer header {@code 1}: the environment ends with this event; it takes none until its next {@link Hello}. */
    public static final String ENDING = "X-Kappa-Ending";

    /** Answer header of 503: the event did not run, because the shim is one of the {@code REFUSED_*} values. */
    public static final String REFUSED = "X-Kappa-Refused";

    /** The shim runs {@code perInstance} events already. */
    public static final String REFUSED_BUSY = "busy";

    /** The shim got SIGTERM: it finishes what it runs and takes nothing new. */
    public static final String REFUSED_DRAINING = "draining";

    /** The execution environment is being replaced or not initialised yet; a hello follows. */
    public static final String REFUSED_INITIALIZING = "initializing";

    private Wire() {}
}
