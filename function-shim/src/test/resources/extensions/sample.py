#!/usr/bin/env python3
"""An extension in the manner of AWS's samples: writes each event that it gets as a line to the file of its name."""
import http.server, json, os, sys, threading, time, urllib.error, urllib.request

API = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"]
NAME = os.path.basename(__file__)
MODE = os.environ.get("EXTENSION_MODE", "")
SEEN = os.path.join(os.environ["EXTENSION_FOLDER"], NAME)


def note(what):
    with open(SEEN, "a") as seen:
        seen.write(json.dumps(what) + "\n")


def call(method, path, headers, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return answer.headers, json.loads(answer.read() or "null")


class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for event in json.loads(body):
            note({"telemetry": event})
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def subscribe(identifier):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    destination = {"protocol": "HTTP", "URI": "http://sandbox.localdomain:%d" % server.server_port}
    call("PUT", "/2022-07-01/telemetry", identifier, {
        "schemaVersion": "2022-12-13", "destination": destination, "types": ["platform", "function", "extension"],
        "buffering": {"maxItems": 1000, "maxBytes": 262144, "timeoutMs": 25}})


note({"started": sorted(os.environ)})
if MODE == "crash-first":
    sys.exit(3)
while MODE == "stuck" and not os.path.exists(SEEN + ".go"):
    time.sleep(0.05)
headers, body = call("POST", "/2020-01-01/extension/register",
                     {"Lambda-Extension-Name": NAME, "Lambda-Extension-Accept-Feature": "accountId"},
                     {"events": ["SHUTDOWN"] if MODE == "shutdown-only" else ["INVOKE", "SHUTDOWN"]})
note({"registered": body})
identifier = {"Lambda-Extension-Identifier": headers["Lambda-Extension-Identifier"]}
if MODE == "init-error":
    call("POST", "/2020-01-01/extension/init/error", identifier | {"Lambda-Extension-Function-Error-Type": "Extension.NoKey"})
    sys.exit(1)
if MODE == "telemetry":
    subscribe(identifier)
while True:
    event = call("GET", "/2020-01-01/extension/event/next", identifier)[1]
    note({"event": event, "at": time.time() * 1000})
    print("extension saw", event["eventType"], flush=True)
    if event["eventType"] == "SHUTDOWN":
        break
    if MODE == "crash-in-event":
        os._exit(7)
    if MODE == "slow":
        while not os.path.exists(SEEN + ".go"):
            time.sleep(0.05)
        note({"done": event["requestId"], "at": time.time() * 1000})
    if MODE == "hang":
        time.sleep(600)
