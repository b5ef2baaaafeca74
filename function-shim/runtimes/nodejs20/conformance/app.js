const { spawn } = require("node:child_process");
const { appendFileSync, statSync } = require("node:fs");

let count = 0;

exports.handler = async (event, context) => {
  count++;
  switch (event.do) {
    case "echo":
      return event.value;
    case "context":
      return {
        id: context.awsRequestId,
        name: context.functionName,
        version: context.functionVersion,
        memory: Number(context.memoryLimitInMB),
        arn: context.invokedFunctionArn,
        group: context.logGroupName,
        stream: context.logStreamName,
        remaining: context.getRemainingTimeInMillis(),
      };
    case "custom":
      return context.clientContext.custom;
    case "env":
      return process.env[event.name] ?? null;
    case "trace":
      return process.env._X_AMZN_TRACE_ID;
    case "count":
      return count;
    case "fail":
      throw new RangeError("as asked");
    case "exit":
      process.exit(3);
    case "sleep":
      return new Promise((done) => setTimeout(done, 60_000));
    case "print":
      for (let i = 0; i < event.lines; i++) console.log(`line ${i}`);
      return null;
    case "big":
      return "x".repeat(event.size);
    case "keep":
      appendFileSync("/tmp/kept", "x");
      return statSync("/tmp/kept").size;
    case "leave":
      spawn("setsid", ["sleep", "7655"], { detached: true, stdio: "ignore" }).unref();
      return null;
  }
};

// For calls that take the answer as it comes: writes, waits, and writes again.
exports.stream = awslambda.streamifyResponse(async (event, out) => {
  out.write("first");
  await new Promise((done) => setTimeout(done, event.pause));
  if (event.value) throw new RangeError("as asked");
  out.end("last");
});
