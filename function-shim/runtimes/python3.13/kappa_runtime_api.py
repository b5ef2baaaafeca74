"""The Lambda Runtime API on one kept connection: an event's answer and the call for the next event leave together.

Has the functions of awslambdaric's client in C (runtime_client), in whose place it is faster and smaller.
"""

import os
import socket

NEXT = "/2018-06-01/runtime/invocation/next"
PATH = "/2018-06-01/runtime/invocation/{}/{}"
BLOCK = 1 << 16


class RuntimeApi:
    """The calls of one runtime, which runs one event after the other."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._next = f"GET {NEXT} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
        self._address = address
        self._held = []  # requests that leave with the next call of next, in parts: a large body is not copied
        self._unanswered = 0
        self._buffer = b""

    def next(self):
        """Waits for the next event: its headers and its payload."""
        requests = [*self._held, self._next]
        self._held.clear()
        self._send(requests)
        requests.clear()
        while self._unanswered:
            self._unanswered -= 1
            self._receive()
        status, headers, payload = self._receive()
        if status != 200:
            raise RuntimeError(f"the Runtime API answered {status}: {payload!r}")
        return headers, payload

    def post(self, path, body, headers=()):
        """Leaves with the next call of next, which a runtime makes at once."""
        self._held += self._request(path, body, headers)
        self._unanswered += 1

    def post_now(self, path, body, headers=()):
        """Returns once it is answered."""
        self._send(self._request(path, body, headers))
        self._receive()

    def _send(self, parts):
        small = []
        for part in parts:
            small.append(part)
            if len(part) > BLOCK:
                self._socket.sendall(b"".join(small[:-1]))
                self._socket.sendall(part)
                small = []
        if small:
            self._socket.sendall(b"".join(small))

    def _request(self, path, body, headers):
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._address}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {_plain(value)}" for name, value in headers]
        return [("\r\n".join(lines) + "\r\n\r\n").encode(), body]

    def _receive(self):
        buffer = self._buffer
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            buffer += self._more()
        first, *lines = buffer[:end].decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        start = end + 4
        length = int(headers["Content-Length"])
        if length > BLOCK and len(buffer) - start < length:
            payload = self._receive_large(buffer[start:], length)
            self._buffer = b""
            return int(first.split(" ", 2)[1]), headers, payload
        while len(buffer) - start < length:
            buffer += self._more()
        self._buffer = buffer[start + length :]
        return int(first.split(" ", 2)[1]), headers, buffer[start : start + length]

    def _receive_large(self, begun, length):
        """Few pieces of memory: many small ones would not go back to the system with it."""
        parts = [begun]
        missing = length - len(begun)
        while missing:
            parts.append(self._socket.recv(missing, socket.MSG_WAITALL))
            if not parts[-1]:
                raise ConnectionError("the Runtime API ended the connection")
            missing -= len(parts[-1])
        return b"".join(parts)

    def _more(self):
        part = self._socket.recv(BLOCK)
        if not part:
            raise ConnectionError("the Runtime API ended the connection")
        return part


def _plain(value):
    """What a header's value may contain; anything else would end the header."""
    return value if value.isascii() and value.isprintable() else "".join(c if " " <= c <= "~" else "?" for c in value)


_api = None


def connect(address):
    """The connection that the functions below use."""
    global _api
    _api = RuntimeApi(address)
    return _api


def initialize_client(user_agent):
    """Nothing to do before the first event; AWS's client calls it when it is loaded."""


def next():
    headers, payload = (_api or connect(os.environ["AWS_LAMBDA_RUNTIME_API"])).next()
    headers["Lambda-Runtime-Deadline-Ms"] = int(headers["Lambda-Runtime-Deadline-Ms"])
    return payload, headers


def post_invocation_result(invoke_id, result_data, content_type="application/json", invocation_id=None):
    _api.post(PATH.format(invoke_id, "response"), result_data, [("Content-Type", content_type)])


def post_error(invoke_id, error_response_data, xray_fault, invocation_id=None):
    body = error_response_data if isinstance(error_response_data, bytes) else error_response_data.encode()
    headers = [("Content-Type", "application/json")]
    if xray_fault:
        headers.append(("Lambda-Runtime-Function-XRay-Error-Cause", xray_fault))
    _api.post(PATH.format(invoke_id, "error"), body, headers)
