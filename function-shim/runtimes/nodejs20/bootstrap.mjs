// Runs a JavaScript handler (CommonJS or module, async or with a callback) behind the Lambda Runtime API: one event after
// another, or with AWS_LAMBDA_MAX_CONCURRENCY that many at once, as AWS has it for Node.js on managed instances.
import { AsyncLocalStorage } from "node:async_hooks";
import { existsSync, readFileSync, writeSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { format, types } from "node:util";
import { install, isStreaming, ResponseStream } from "./response-stream.mjs";
import { RuntimeApi } from "./runtime-api.mjs";

const env = process.env;
const address = env.AWS_LAMBDA_RUNTIME_API;
const root = env.LAMBDA_TASK_ROOT;
const seats = Math.max(1, Number(env.AWS_LAMBDA_MAX_CONCURRENCY) || 1);
const running = new Set();
const UNHANDLED = "Function.Unhandled";
const storage = new AsyncLocalStorage();
const streams = new Set();

// The id of the event that the caller runs for; with one event at once that is known without asking.
function currentId() {
  if (running.size === 0) return "";
  return running.size === 1 ? running.values().next().value : (storage.getStore() ?? "");
}

class HandlerNotFound extends Error {}
HandlerNotFound.prototype.name = "Runtime.HandlerNotFound";
class ImportModuleError extends Error {}
ImportModuleError.prototype.name = "Runtime.ImportModuleError";

class UnhandledPromiseRejection extends Error {
  constructor(reason, promise) {
    super(String(reason));
    this.reason = reason;
    this.promise = promise;
  }
}
UnhandledPromiseRejection.prototype.name = "Runtime.UnhandledPromiseRejection";

// What the caller sees.
function shown(error, type) {
  if (!types.isNativeError(error)) {
    return { errorType: type ?? typeof error, errorMessage: String(error), trace: [] };
  }
  return { errorType: type ?? error.name, errorMessage: error.message, trace: String(error.stack ?? "").split("\n") };
}

// What the log has, as AWS's client writes it: a tab, and the error with its own properties and its stack.
function logError(title, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  const open = (_, value) => {
    if (!(value instanceof Error)) return value;
    const all = { errorType: value.name, errorMessage: value.message, code: value.code, ...value };
    return typeof value.stack === "string" ? { ...all, stack: value.stack.split("\n") } : all;
  };
  let text;
  try {
    text = JSON.stringify(error, open);
  } catch {
    text = JSON.stringify(shown(error)); // it refers to itself
  }
  console.error(title, `\t${text}`);
}

// Writes all before it returns, so that an event's lines are in the pipe before its answer is sent.
function print(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); // a child that shares the pipe made it non-blocking
    }
  }
}

// The same for what writes to the streams themselves. They are opened when they are first used, which takes a millisecond.
function blockStreams() {
  for (const name of ["stdout", "stderr"]) {
    const { get } = Object.getOwnPropertyDescriptor(process, name);
    let stream;
    Object.defineProperty(process, name, {
      configurable: true,
      enumerable: true,
      get() {
        if (!stream) {
          stream = get.call(process);
          stream._handle?.setBlocking?.(true);
        }
        return stream;
      },
    });
  }
}

function patchConsole() {
  const levels = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" };
  for (const [name, level] of Object.entries(levels)) {
    console[name] = (...parts) =>
      print(`${new Date().toISOString()}\t${currentId() || "undefined"}\t${level}\t${format(...parts)}\n`);
  }
}

function isModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (file.endsWith(".cjs")) return false;
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, "utf8")).type === "module";
  }
  return false;
}

// As on Lambda it counts for require, not for import.
function findLayers() {
  if (!existsSync("/opt/nodejs")) return;
  const major = process.versions.node.split(".")[0];
  env.NODE_PATH ??= `/opt/nodejs/node${major}/node_modules:/opt/nodejs/node_modules`;
  Module._initPaths();
}

async function load(name) {
  const folder = path.dirname(name);
  const [module, ...members] = path.basename(name).split(".");
  if (!module || members.length === 0) throw new HandlerNotFound(`Bad handler '${name}': must be <file>.<function>`);
  const stem = path.join(root, folder, module);
  const file = [".js", ".mjs", ".cjs"].map((end) => stem + end).find(existsSync);
  if (!file) throw new ImportModuleError(`Error: Cannot find module '${path.join(folder, module)}'`);
  const exports = isModule(file) ? await import(pathToFileURL(file).href) : createRequire(file)(file);
  const handler = members.reduce((found, member) => found?.[member], exports);
  if (typeof handler !== "function") throw new HandlerNotFound(`${name} is undefined or not exported`);
  return handler;
}

function contextOf(headers, requestId, done) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const given = headers["lambda-runtime-client-context"];
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: requestId,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: given ? JSON.parse(given) : undefined,
    identity: undefined,
    tenantId: headers["lambda-runtime-aws-tenant-id"],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done,
    succeed: (value) => done(null, value),
    fail: (error) => done(error ?? new Error("handled")),
  };
}

// Resolves with the handler's value: its promise or its callback. The event loop is empty only if no event runs, so one of
// many does not wait for that: without a promise and without a parameter to answer by, its value is null at once.
function runOneOfMany(handler, event, headers, requestId) {
  return new Promise((resolve, reject) => {
    const settle = (error, value) => (error === undefined || error === null ? resolve(value) : reject(error));
    const returned = handler(event, contextOf(headers, requestId, settle), settle);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
    else if (handler.length < 2) resolve(null);
  });
}

// Resolves with the handler's value: its promise, its callback, or null once the event loop is empty.
function runAlone(handler, event, headers, requestId) {
  return new Promise((resolve, reject) => {
    const settle = (error, value) => (error === undefined || error === null ? resolve(value) : reject(error));
    const idle = () => resolve(null);
    process.once("beforeExit", idle);
    const context = contextOf(headers, requestId, settle);
    const callback = (error, value) => {
      if (!context.callbackWaitsForEmptyEventLoop || (error !== undefined && error !== null)) return settle(error, value);
      process.removeListener("beforeExit", idle);
      process.once("beforeExit", () => settle(null, value));
    };
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
  }).finally(() => process.removeAllListeners("beforeExit"));
}

// Runs a handler that writes its answer to a stream, until the stream has ended.
async function runStreaming(handler, stream, event, headers, requestId) {
  const finished = new Promise((resolve, reject) => {
    stream.once("finish", resolve);
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("Response stream is not finished.")));
    if (seats === 1) process.once("beforeExit", () => reject(new Error("Response stream is not finished.")));
  });
  finished.catch(() => {}); // whoever awaits it below hears of it
  const { done, succeed, fail, ...context } = contextOf(headers, requestId);
  const returned = handler(event, stream, context);
  if (typeof returned?.then !== "function") throw new Error("Streaming does not support non-async handlers.");
  const [result] = await Promise.all([returned, finished]);
  if (result !== undefined) console.warn("Streaming handlers ignore return values.");
}

// One of many events has a connection of its own: on the common one others' answers would come between its pieces.
async function answerStreaming(api, handler, requestId, event) {
  const own = seats > 1 ? new RuntimeApi(address) : api;
  const stream = new ResponseStream(own, requestId, handler);
  streams.add(stream);
  try {
    await runStreaming(handler, stream, taken(event), event.headers, requestId);
  } catch (error) {
    logError("Invoke Error", error);
    const object = JSON.stringify(shown(error));
    if (stream.begun) await stream.fail(UNHANDLED, object);
    else own.post(`invocation/${requestId}/error`, object, UNHANDLED);
  } finally {
    streams.delete(stream);
    process.removeAllListeners("beforeExit");
    if (own !== api) own.close();
  }
}

async function dieOf(title, error, type, status) {
  const requestId = currentId();
  logError(title, error);
  try {
    const body = JSON.stringify(shown(error, type));
    const begun = [...streams].filter((stream) => stream.begun);
    await Promise.all(begun.map((stream) => stream.fail(type ?? UNHANDLED, body)));
    if (requestId && begun.length === 0) await new RuntimeApi(address).postAlone(`invocation/${requestId}/error`, body, type ?? UNHANDLED);
  } finally {
    process.exit(status);
  }
}

// One variable cannot hold the trace of many events.
function setTrace(headers) {
  if (headers["lambda-runtime-trace-id"]) env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  else delete env._X_AMZN_TRACE_ID;
}

// The event's text is let go of before the handler runs: it may be 6 MiB, and the memory small.
function taken(event) {
  const text = event.body;
  event.body = undefined;
  return text === "" ? null : JSON.parse(text);
}

async function answer(api, handler, requestId, event) {
  const run = seats > 1 ? runOneOfMany : runAlone;
  try {
    const value = await run(handler, taken(event), event.headers, requestId);
    api.post(`invocation/${requestId}/response`, JSON.stringify(value) ?? "null");
  } catch (error) {
    logError("Invoke Error", error);
    api.post(`invocation/${requestId}/error`, JSON.stringify(shown(error)), UNHANDLED);
  }
}

async function serve(api, handler) {
  const respond = isStreaming(handler) ? answerStreaming : answer;
  for (;;) {
    api.hold(true);
    const event = await api.next();
    const { status, headers } = event;
    if (status !== 200) throw new Error(`the Runtime API answered ${status}: ${event.body}`);
    const requestId = headers["lambda-runtime-aws-request-id"];
    running.add(requestId);
    if (seats > 1) {
      await storage.run(requestId, () => respond(api, handler, requestId, event));
    } else {
      api.hold(false); // so that the event loop can become empty
      setTrace(headers);
      await respond(api, handler, requestId, event);
    }
    running.delete(requestId);
  }
}

patchConsole();
blockStreams();
install();
process.chdir(root);
process.on("uncaughtException", (error) => dieOf("Uncaught Exception", error, undefined, 129));
process.on("unhandledRejection", (reason, promise) =>
  dieOf("Unhandled Promise Rejection", new UnhandledPromiseRejection(reason, promise), undefined, 128),
);
findLayers();
let handler;
try {
  handler = await load(env._HANDLER);
} catch (error) {
  const type = error instanceof SyntaxError ? "Runtime.UserCodeSyntaxError" : undefined;
  const body = shown(error, type);
  logError("Uncaught Exception", error);
  await new RuntimeApi(address).postAlone("init/error", JSON.stringify(body), body.errorType);
  process.exit(1);
}
const api = new RuntimeApi(address);
await Promise.all(Array.from({ length: seats }, () => serve(api, handler)));
