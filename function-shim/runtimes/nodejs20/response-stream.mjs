// The stream that a handler of awslambda.streamifyResponse writes its answer to, as AWS's client has it.
import { Writable } from "node:stream";

const PRELUDE_TYPE = "application/vnd.awslambda.http-integration-response";
const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");

class InvalidStreamingOperation extends Error {}
InvalidStreamingOperation.prototype.name = "Runtime.InvalidStreamingOperation";

export class ResponseStream extends Writable {
  #api;
  #id;
  #type = "application/octet-stream";
  #trailers = "";
  #begun = false;

  constructor(api, id, handler) {
    super(handler[HIGH_WATER_MARK] === undefined ? {} : { highWaterMark: handler[HIGH_WATER_MARK] });
    this.#api = api;
    this.#id = id;
  }

  // Whether the handler wrote anything.
  get begun() {
    return this.#begun;
  }

  setContentType(type) {
    if (this.#begun) throw new InvalidStreamingOperation("Cannot set content-type, too late.");
    this.#type = type;
  }

  #begin() {
    if (this.#begun) return;
    this.#begun = true;
    const before = this._onBeforeFirstWrite;
    if (typeof before === "function") before((chunk) => super.write(chunk));
  }

  write(chunk, encoding, callback) {
    this.#begin();
    const plain = typeof chunk === "string" || Buffer.isBuffer(chunk) || chunk?.constructor === Uint8Array;
    return super.write(plain ? chunk : JSON.stringify(chunk), encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (typeof chunk === "function") return super.end(chunk);
    if (chunk !== undefined && chunk !== null) this.write(chunk, typeof encoding === "function" ? undefined : encoding);
    else if (typeof this._onBeforeFirstWrite === "function") this.#begin();
    return super.end(typeof encoding === "function" ? encoding : callback);
  }

  _write(chunk, encoding, callback) {
    if (chunk.length === 0) callback();
    else this.#api.writeChunk(this.#id, this.#type, chunk, callback);
  }

  _final(callback) {
    this.#api.endChunks(this.#id, this.#type, this.#trailers, callback);
  }

  // Ends what was begun with an error object, behind what was written before.
  fail(type, body) {
    const shown = Buffer.from(body).toString("base64");
    this.#trailers = `Lambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${shown}\r\n`;
    return new Promise((resolve) => {
      if (this.writableFinished) resolve();
      else if (this.destroyed) this._final(resolve);
      else {
        this.once("close", resolve);
        super.end();
      }
    });
  }
}

export function isStreaming(handler) {
  return handler[STREAMING] === "response";
}

export function install() {
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[STREAMING] = "response";
      if (typeof options?.highWaterMark === "number") handler[HIGH_WATER_MARK] = parseInt(options.highWaterMark);
      return handler;
    },
    HttpResponseStream: class {
      static from(stream, prelude) {
        stream.setContentType(PRELUDE_TYPE);
        const text = JSON.stringify(prelude);
        stream._onBeforeFirstWrite = (write) => {
          write(text);
          write(new Uint8Array(8));
        };
        return stream;
      }
    },
  };
}
