// One kept connection to the Lambda Runtime API, without Node.js' HTTP client, which takes longer for an exchange than most
// handlers: an event's answer and the call for the next event leave together, and answers come in the order of the calls.
import net from "node:net";

const BASE = "/2018-06-01/runtime/";
const HEAD_END = Buffer.from("\r\n\r\n");

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
  #parts = [];
  #length = 0;
  #awaited = 0; // bytes that have to be there before there is anything to do

  constructor(address) {
    this.#host = address;
    const [host, port] = address.split(":");
    this.#socket = net.connect({ host, port: Number(port), noDelay: true });
    this.#socket.on("data", (part) => this.#received(part));
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
    const length = Buffer.byteLength(body);
    this.#send(
      `POST ${BASE}${where} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\n${type}Content-Length: ${length}\r\n\r\n${body}`,
    );
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
    const requests = this.#corked;
    this.#corked = "";
    this.#socket.write(requests);
  }

  #received(part) {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length < this.#awaited) return;
    let all = this.#parts.length === 1 ? part : Buffer.concat(this.#parts);
    let at = 0;
    for (;;) {
      const headEnd = all.indexOf(HEAD_END, at);
      if (headEnd < 0) break;
      const head = all.latin1Slice(at, headEnd);
      const headers = headersOf(head);
      const end = headEnd + 4 + Number(headers["content-length"] ?? 0);
      if (end > all.length) {
        this.#awaited = end - at;
        break;
      }
      this.#awaited = 0;
      this.#answered({ status: Number(head.slice(9, 12)), headers, body: all.utf8Slice(headEnd + 4, end) });
      at = end;
    }
    if (at > 0) all = all.subarray(at);
    this.#parts = all.length === 0 ? [] : [all];
    this.#length = all.length;
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
