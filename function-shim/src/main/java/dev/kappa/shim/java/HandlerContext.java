package dev.kappa.shim.java;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.log.Logs;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Java handler can ask about its event. */
public record HandlerContext(Settings settings, Event event, Logs logs) implements Context {
    @Override
    public String getAwsRequestId() {
        return event.requestId();
    }

    @Override
    public String getLogGroupName() {
        return settings.logGroup();
    }

    @Override
    public String getLogStreamName() {
        return settings.logStream();
    }

    @Override
    public String getFunctionName() {
        return settings.functionName();
    }

    @Override
    public String getFunctionVersion() {
        return settings.version();
    }

    @Override
    public String getInvokedFunctionArn() {
        return event.invokedArn();
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        String json = event.clientContext();
        return json == null ? null : new CallerContext(parsed(json));
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) Math.min(Integer.MAX_VALUE, event.remainingMs());
    }

    @Override
    public int getMemoryLimitInMB() {
        return settings.memoryMb();
    }

    @Override
    public @Nullable String getXrayTraceId() {
        return event.traceId();
    }

    @Override
    public @Nullable String getTenantId() {
        return event.tenantId();
    }

    @Override
    public LambdaLogger getLogger() {
        return new LambdaLogger() {
            @Override
            public void log(String message) {
                log(message.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void log(byte[] message) {
                logs.write(event.log(), message, 0, message.length);
                if (message.length == 0 || message[message.length - 1] != '\n') {
                    logs.write(event.log(), new byte[] {'\n'}, 0, 1);
                }
            }
        };
    }

    private static Map<?, ?> parsed(String json) {
        return JacksonFactory.getInstance().getSerializer(Map.class).fromJson(json);
    }

    /** The client context of a mobile SDK: client, custom, env. */
    private record CallerContext(Map<?, ?> all) implements ClientContext, Client {
        @Override
        public Client getClient() {
            return this;
        }

        @Override
        public Map<String, String> getCustom() {
            return strings("custom");
        }

        @Override
        public Map<String, String> getEnvironment() {
            return strings("env");
        }

        @Override
        public @Nullable String getInstallationId() {
            return strings("client").get("installation_id");
        }

        @Override
        public @Nullable String getAppTitle() {
            return strings("client").get("app_title");
        }

        @Override
        public @Nullable String getAppVersionName() {
            return strings("client").get("app_version_name");
        }

        @Override
        public @Nullable String getAppVersionCode() {
            return strings("client").get("app_version_code");
        }

        @Override
        public @Nullable String getAppPackageName() {
            return strings("client").get("app_package_name");
        }

        private Map<String, String> strings(String part) {
            Map<String, String> strings = new LinkedHashMap<>();
            if (all.get(part) instanceof Map<?, ?> given) {
                given.forEach((name, value) -> strings.put(String.valueOf(name), String.valueOf(value)));
            }
            return strings;
        }
    }
}
