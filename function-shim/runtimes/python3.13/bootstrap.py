"""Runs a Python handler: AWS's runtime client (awslambdaric) where the image has it, else the small loop below."""

import importlib
import json
import os
import sys
import time
import traceback

import kappa_runtime_api as runtime_api

INIT_ERROR = "/2018-06-01/runtime/init/error"
ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
LAYERS = "/opt/python/lib/python{}.{}/site-packages".format(*sys.version_info), "/opt/python"


class Context:
    """What a handler can ask about its event; the names are Lambda's."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn", "")
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        given = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = ClientContext(json.loads(given)) if given else None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class ClientContext:
    def __init__(self, given):
        self.client = given.get("client")
        self.custom = given.get("custom")
        self.env = given.get("env")


def error_of(error, request_id=None):
    """Lambda's error object; the frames of this file are left out."""
    frames = traceback.format_list([f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__])
    shown = {"errorMessage": str(error), "errorType": type(error).__name__}
    if request_id:
        shown["requestId"] = request_id
    shown["stackTrace"] = frames
    print(f"[ERROR] {shown['errorType']}: {shown['errorMessage']}\nTraceback (most recent call last):\n{''.join(frames)}")
    return shown


class HandlerNotFound(Exception):
    pass


def load(name):
    module, dot, function = name.rpartition(".")
    if not dot:
        raise HandlerNotFound(f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    found = importlib.import_module(module.replace("/", "."))
    if not hasattr(found, function):
        raise HandlerNotFound(f"Handler '{function}' missing on module '{module}'")
    return getattr(found, function)


def init_error(error):
    shown = error_of(error)
    if isinstance(error, HandlerNotFound):
        shown["errorType"] = "Runtime.HandlerNotFound"
    elif isinstance(error, ImportError):
        shown["errorType"] = "Runtime.ImportModuleError"
        shown["errorMessage"] = f"Unable to import module '{os.environ['_HANDLER'].rpartition('.')[0]}': {error}"
    elif isinstance(error, SyntaxError):
        shown["errorType"] = "Runtime.UserCodeSyntaxError"
    return shown


def serve(api, handler):
    while True:
        headers, payload = api.next()
        if trace := headers.get("Lambda-Runtime-Trace-Id"):
            os.environ["_X_AMZN_TRACE_ID"] = trace
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            context = Context(headers)
            event = [json.loads(payload or b"null")]  # nothing here keeps it, or its text, while the handler runs
            del payload
            answer = json.dumps(handler(event.pop(), context), ensure_ascii=False).encode()
        except Exception as error:
            shown = json.dumps(error_of(error, request_id)).encode()
            sys.stdout.flush()
            api.post(runtime_api.PATH.format(request_id, "error"), shown, [(ERROR_TYPE, "Function.Unhandled")])
        else:
            sys.stdout.flush()
            api.post(runtime_api.PATH.format(request_id, "response"), answer)
            del answer


def main():
    root = os.environ["LAMBDA_TASK_ROOT"]
    for name in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"):
        if os.environ.get(name) == "1048576":  # from the script that started this one, and read by now
            del os.environ[name]
    os.chdir(root)
    # a client in the function's package or a layer wins
    sys.path[0:1] = [root, *filter(os.path.isdir, LAYERS), os.environ["LAMBDA_RUNTIME_DIR"]]
    sys.stdout.reconfigure(line_buffering=True)
    sys.modules["runtime_client"] = runtime_api
    try:
        from awslambdaric.__main__ import main as aws
    except ImportError:
        pass
    else:
        return aws([sys.argv[0], os.environ["_HANDLER"]])
    api = runtime_api.connect(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        shown = init_error(error)
        sys.stdout.flush()
        api.post_now(INIT_ERROR, json.dumps(shown).encode(), [(ERROR_TYPE, shown["errorType"])])
        sys.exit(1)
    serve(api, handler)


if __name__ == "__main__":
    main()
