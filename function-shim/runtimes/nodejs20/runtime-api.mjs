// One kept connection to the Lambda Runtime API, without Node.js' HTTP client, which takes longer for an exchange than most
// handlers: an event's answer and the call for the next event leave together, and answers come in the order of the calls.
import net from "node:net";

const BASE = "/2018-06-01/runtime/";
const HEAD_END = Buffer.from("\r\n\r\n");
const BLOCK = 1 << 16;
// A longer body is kept apart from the rest: with it in one string it would be in memory three times more.
const LARGE = 1 << 16;

// What a header's value may contain; anything else would end the header.
const text = (value) => String(value).replace(/[^\x20-\x7e]/g, "?");

function headersOf(head) {
  const headers = {};
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

export class RuntimeApi {
  #host;
  #socket;
  #waiting = []; // whoever waits for an answer, in the order of the calls
  #first = 0;
  #corked = "";
  #streaming = false;
  #large = []; // what leaves behind what is corked
  #block = Buffer.allocUnsafeSlow(BLOCK);
  #held; // what came and could not be used yet, with room for all of an answer whose length is known
  #length = 0; // of it
  #awaited = 0; // bytes that have to be there before there is anything to do

  constructor(address) {
    this.#host = address;
    const [host, port] = address.split(":");
    const onread = {
      buffer: this.#block, // the same for each read: nothing is left to collect
      callback: (length, block) => this.#received(block.subarray(0, length)) ?? true,
    };
    this.#socket = net.connect({ host, port: Number(port), noDelay: true, onread });
    this.#socket.on("error", (error) => this.#failed(error));
    this.#socket.on("close", () => this.#failed(new Error("the Runtime API ended the connection")));
  }

  // The next event, once there is one.
  next() {
    this.#send(`GET ${BASE}invocation/next HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    return this.#answer();
  }

  // Leaves together with what else is sent in this turn of the event loop. Its answer may come after that of the next call of next.
  post(where, body, errorType) {
    this.#sendPost(where, body, errorType);
    this.#waiting.push(undefined);
  }

  // The same on a connection without a call of next, once it is answered.
  postAlone(where, body, errorType) {
    this.#sendPost(where, body, errorType);
    return this.#answer();
  }

  #sendPost(where, body, errorType) {
    const type = errorType === undefined ? "" : `Lambda-Runtime-Function-Error-Type: ${text(errorType)}\r\n`;
    const large = body.length > LARGE ? Buffer.from(body) : undefined;
    const length = large?.length ?? Buffer.byteLength(body);
    this.#send(
      `POST ${BASE}${where} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\n${type}Content-Length: ${length}\r\n\r\n${large ? "" : body}`,
    );
    if (large) {
      this.#large.push(this.#corked, large);
      this.#corked = "";
    }
  }

  // A piece of an answer; the first one leaves with the answer's head. Nothing else may be sent before the last one.
  writeChunk(id, type, chunk, callback) {
    this.#socket.cork();
    this.#beginChunks(id, type);
    this.#socket.write(`${chunk.length.toString(16)}\r\n`);
    this.#socket.write(chunk);
    this.#socket.write("\r\n", callback);
    this.#socket.uncork();
  }

  endChunks(id, type, trailers, callback) {
    this.#socket.cork();
    this.#beginChunks(id, type);
    this.#streaming = false;
    this.#waiting.push(undefined);
    this.#socket.write(`0\r\n${trailers}\r\n`, callback);
    this.#socket.uncork();
  }

  #beginChunks(id, type) {
    if (this.#streaming) return;
    this.#streaming = true;
    this.#socket.write(
      `POST ${BASE}invocation/${id}/response HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: ${text(type)}\r\n` +
        "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n" +
        "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n",
    );
  }

  // The connection is not needed any more.
  close() {
    process.nextTick(() => this.#socket.end()); // behind what is sent in this turn
  }

  // Whether the connection keeps the process running.
  hold(wanted) {
    if (wanted) this.#socket.ref();
    else this.#socket.unref();
  }

  #send(request) {
    if (this.#corked === "") process.nextTick(() => this.#flush());
    this.#corked += request;
  }

  #answer() {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #flush() {
    const large = this.#large;
    const requests = this.#corked;
    this.#large = [];
    this.#corked = "";
    for (const part of large) this.#socket.write(part);
    if (requests !== "") this.#socket.write(requests);
  }

  #received(part) {
    if (this.#held === undefined) {
      this.#keep(part, this.#use(part));
      return;
    }
    if (this.#length + part.length > this.#held.length) this.#grow(this.#length + part.length);
    this.#held.set(part, this.#length);
    this.#length += part.length;
    if (this.#length < this.#awaited) return;
    const all = this.#held.subarray(0, this.#length);
    this.#held = undefined;
    this.#keep(all, this.#use(all));
  }

  #grow(length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(length, this.#awaited));
    larger.set(this.#held.subarray(0, this.#length));
    this.#held = larger;
  }

  #keep(all, from) {
    this.#length = all.length - from;
    if (this.#length === 0) return;
    this.#held = Buffer.allocUnsafeSlow(Math.max(this.#length, this.#awaited));
    this.#held.set(all.subarray(from));
  }

  // Hands out the answers that are whole, and returns where what is left begins.
  #use(all) {
    let at = 0;
    for (;;) {
      this.#awaited = 0;
      const headEnd = all.indexOf(HEAD_END, at);
      if (headEnd < 0) return at;
      const head = all.latin1Slice(at, headEnd);
      const headers = headersOf(head);
      const end = headEnd + 4 + Number(headers["content-length"] ?? 0);
      if (end > all.length) {
        this.#awaited = end - at;
        return at;
      }
      this.#answered({ status: Number(head.slice(9, 12)), headers, body: all.utf8Slice(headEnd + 4, end) });
      at = end;
    }
  }

  #answered(answer) {
    const waiting = this.#waiting[this.#first];
    this.#waiting[this.#first++] = undefined;
    if (this.#first === this.#waiting.length) {
      this.#waiting = [];
      this.#first = 0;
    } else if (this.#first > 1000) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    waiting?.resolve(answer);
  }

  #failed(error) {
    const left = this.#waiting.slice(this.#first);
    this.#waiting = [];
    this.#first = 0;
    for (const waiting of left) waiting?.reject(error);
  }
}
