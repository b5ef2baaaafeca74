import os
import subprocess
import time

count = 0


def handler(event, context):
    global count
    count += 1
    match event["do"]:
        case "echo":
            return event["value"]
        case "context":
            return {
                "id": context.aws_request_id,
                "name": context.function_name,
                "version": context.function_version,
                "memory": int(context.memory_limit_in_mb),
                "arn": context.invoked_function_arn,
                "group": context.log_group_name,
                "stream": context.log_stream_name,
                "remaining": context.get_remaining_time_in_millis(),
            }
        case "custom":
            return context.client_context.custom
        case "env":
            return os.environ.get(event["name"])
        case "trace":
            return os.environ.get("_X_AMZN_TRACE_ID")
        case "count":
            return count
        case "fail":
            raise ValueError("as asked")
        case "exit":
            os._exit(3)
        case "sleep":
            time.sleep(60)
        case "print":
            for i in range(event["lines"]):
                print(f"line {i}")
        case "big":
            return "x" * event["size"]
        case "keep":
            with open("/tmp/kept", "a") as file:
                file.write("x")
            return os.path.getsize("/tmp/kept")
        case "leave":
            subprocess.Popen(["setsid", "sleep", "7655"])
