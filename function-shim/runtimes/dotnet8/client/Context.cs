using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Kappa.Runtime
{
    /// <summary>What a handler is told of its event.</summary>
    internal class Context : ILambdaContext
    {
        private readonly DateTimeOffset deadline;

        internal Context(Invocation invocation)
        {
            AwsRequestId = invocation.Id;
            InvokedFunctionArn = invocation.Header("lambda-runtime-invoked-function-arn");
            TraceId = invocation.Header("lambda-runtime-trace-id");
            TenantId = invocation.Header("lambda-runtime-aws-tenant-id");
            deadline = DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(invocation.Header("lambda-runtime-deadline-ms"), CultureInfo.InvariantCulture));
            Logger = new LogWriter(AwsRequestId);
            string client = invocation.Header("lambda-runtime-client-context");
            ClientContext = client == null ? null : new GivenContext(client);
            string identity = invocation.Header("lambda-runtime-cognito-identity");
            Identity = identity == null ? null : new GivenIdentity(identity);
        }

        public string AwsRequestId { get; private set; }
        public IClientContext ClientContext { get; private set; }
        public ICognitoIdentity Identity { get; private set; }
        public string InvokedFunctionArn { get; private set; }
        public ILambdaLogger Logger { get; private set; }

        // Virtual, as the ones of LogWriter: newer interfaces of AWS's ask for them, and find them by their names.
        public virtual string TraceId { get; private set; }
        public virtual string TenantId { get; private set; }

        public string FunctionName
        {
            get { return Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME"); }
        }

        public string FunctionVersion
        {
            get { return Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_VERSION"); }
        }

        public string LogGroupName
        {
            get { return Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_GROUP_NAME"); }
        }

        public string LogStreamName
        {
            get { return Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_STREAM_NAME"); }
        }

        public int MemoryLimitInMB
        {
            get
            {
                return int.Parse(
                    Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture);
            }
        }

        public TimeSpan RemainingTime
        {
            get { return deadline - DateTimeOffset.UtcNow; }
        }
    }

    /// <summary>What the caller tells of itself, by the JSON that it sends.</summary>
    internal sealed class GivenContext : IClientContext
    {
        internal GivenContext(string json)
        {
            using (JsonDocument given = JsonDocument.Parse(json))
            {
                Environment = Texts(given.RootElement, "env");
                Custom = Texts(given.RootElement, "custom");
                Client = new GivenApplication(Texts(given.RootElement, "client"));
            }
        }

        public IDictionary<string, string> Environment { get; private set; }
        public IClientApplication Client { get; private set; }
        public IDictionary<string, string> Custom { get; private set; }

        private static IDictionary<string, string> Texts(JsonElement given, string name)
        {
            var texts = new Dictionary<string, string>();
            JsonElement of;
            if (given.ValueKind == JsonValueKind.Object && given.TryGetProperty(name, out of)
                && of.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in of.EnumerateObject())
                {
                    texts[property.Name] = property.Value.ToString();
                }
            }
            return texts;
        }
    }

    /// <summary>The caller's application, of which everything may be missing.</summary>
    internal sealed class GivenApplication : IClientApplication
    {
        private readonly IDictionary<string, string> given;

        internal GivenApplication(IDictionary<string, string> given)
        {
            this.given = given;
        }

        public string AppPackageName
        {
            get { return Text("app_package_name"); }
        }

        public string AppTitle
        {
            get { return Text("app_title"); }
        }

        public string AppVersionCode
        {
            get { return Text("app_version_code"); }
        }

        public string AppVersionName
        {
            get { return Text("app_version_name"); }
        }

        public string InstallationId
        {
            get { return Text("installation_id"); }
        }

        private string Text(string name)
        {
            string value;
            return given.TryGetValue(name, out value) ? value : null;
        }
    }

    /// <summary>The caller's identity of Amazon Cognito.</summary>
    internal sealed class GivenIdentity : ICognitoIdentity
    {
        internal GivenIdentity(string json)
        {
            using (JsonDocument given = JsonDocument.Parse(json))
            {
                IdentityId = Text(given.RootElement, "cognitoIdentityId");
                IdentityPoolId = Text(given.RootElement, "cognitoIdentityPoolId");
            }
        }

        public string IdentityId { get; private set; }
        public string IdentityPoolId { get; private set; }

        private static string Text(JsonElement given, string name)
        {
            JsonElement value;
            return given.TryGetProperty(name, out value) ? value.GetString() : null;
        }
    }
}
