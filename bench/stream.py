"""The measurements of bench/stream."""

import hashlib
import hmac
import http.client
import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

JAVA, ROOT, EVENTS = sys.argv[1], sys.argv[2], int(sys.argv[3])
SHIM, OWNER, ENTRY, INTERNAL = 18080, 18081, 18082, 18083
SECRET = hmac.new(b"secret", b"instances\ndefault\nhello\n$LATEST", hashlib.sha256).hexdigest()
HANDLER = """
exports.handler = awslambda.streamifyResponse(async (event, out) => {
  out.write(String(performance.timeOrigin + performance.now()));
  const block = Buffer.alloc(64 << 10);
  for (let left = event.mb * 16; left > 0; left--) {
    if (!out.write(block)) await new Promise((done) => out.once("drain", done));
  }
  out.end();
});
"""


def shim(folder):
    os.makedirs(f"{folder}/task")
    with open(f"{folder}/task/app.js", "w") as file:
        file.write(HANDLER)
    environment = dict(
        os.environ,
        KAPPA_NAMESPACE="default", KAPPA_FUNCTION="hello", KAPPA_VERSION="$LATEST", KAPPA_REVISION="r1", KAPPA_POD="pod-1",
        KAPPA_POD_IP="127.0.0.1", KAPPA_RUNTIME="nodejs20", KAPPA_RUNTIME_KIND="shared", KAPPA_HANDLER="app.handler",
        KAPPA_VERSION_SECRET=SECRET, KAPPA_GATEWAY_URL="http://127.0.0.1:1", KAPPA_TIMEOUT_MS="600000", KAPPA_PORT=str(SHIM),
        KAPPA_STATE_DIR=f"{folder}/state", LAMBDA_TASK_ROOT=f"{folder}/task",
        LAMBDA_RUNTIME_DIR=f"{ROOT}/function-shim/runtimes/nodejs20",
    )
    path = ":".join(f"{ROOT}/function-shim/target/{part}" for part in ("classes", "lib/*"))
    command = [JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-cp", path, "dev.kappa.shim.Main"]
    return start(command, environment, folder, "shim")


def gateway(folder, name, address, port):
    path = ":".join(f"{ROOT}/gateway/target/{part}" for part in ("test-classes", "classes", "lib/*"))
    command = [JAVA, "-XX:+UseSerialGC", "-Xmx96m", "-Dkappa.path.open=true", "-cp", path, "dev.kappa.gateway.path.PathGateway"]
    arguments = [name, address, str(port), str(INTERNAL), "owner", "127.0.0.1", str(SHIM)]
    return start(command + arguments, os.environ, folder, name)


def start(command, environment, folder, name):
    with open(f"{folder}/{name}.log", "w") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def await_port(address, port):
    for _ in range(600):
        try:
            socket.create_connection((address, port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {address}:{port}")


def pieces(connection, host, mb, pause=0.0):
    """Payloads of one event, read with so many seconds of pause after each MB; a failed event ends the measurement."""
    path = "/2021-11-15/functions/hello/response-streaming-invocations"
    connection.request("POST", path, json.dumps({"mb": mb}), {"Host": host})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    since = 0
    while True:
        length, headers, _ = struct.unpack(">III", answer.read(12))
        body = answer.read(length - 12)
        payload = body[headers:-4]
        if b"InvokeComplete" in body[:headers]:
            assert payload == b"{}", payload
            answer.read()
            return
        yield payload
        since += len(payload)
        if pause and since > 1 << 20:
            time.sleep(pause)
            since = 0


def first_bytes(address, port):
    connection = http.client.HTTPConnection(address, port)
    times = []
    for _ in range(EVENTS):
        stream = pieces(connection, address, 0)
        written = float(next(stream))
        times.append(time.time() * 1000 - written)
        for _ in stream:
            pass
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.9)], times[0]


def status(process, key):
    with open(f"/proc/{process.pid}/status") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(key))


def resident(processes):
    return [status(process, "VmRSS") for process in processes]


def memory(processes, address, port, pause):
    """Largest resident memory of each process while 200 MB pass, MB, and the seconds that it took."""
    most, over = resident(processes), threading.Event()

    def watch():
        while not over.wait(0.05):
            most[:] = map(max, most, resident(processes))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.monotonic()
    size = sum(map(len, pieces(http.client.HTTPConnection(address, port), address, 199, pause)))
    over.set()
    watcher.join()
    return most, size, time.monotonic() - begun


def measure(processes):
    ways = {"owner": ("127.0.0.1", OWNER), "other gateway": ("127.0.0.2", ENTRY)}
    for address, port in ways.values():
        await_port(address, port)
    await_port("127.0.0.1", SHIM)
    time.sleep(3)
    for round in ("warm-up", "first byte after the handler's first write, ms"):
        for way, (address, port) in ways.items():
            median, p90, least = first_bytes(address, port)
            print(f"{round}, {way}: median {median:.2f}, p90 {p90:.2f}, least {least:.2f}", flush=True)
    print("resident before, MB: shim, owner, other", resident(processes))
    for way, (address, port) in ways.items():
        for pause in (0, 0.02):
            most, size, seconds = memory(processes, address, port, pause)
            print(f"{size >> 20} MB by {way}, {pause} s of pause a MB: {seconds:.1f} s, most resident {most}", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        processes = [
            shim(folder),
            gateway(folder, "owner", "127.0.0.1", OWNER),
            gateway(folder, "entry", "127.0.0.2", ENTRY),
        ]
        try:
            measure(processes)
        finally:
            # A shim that is killed leaves its runtime running.
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()


main()
