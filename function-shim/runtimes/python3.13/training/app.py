def handler(event, context):
    print("hello")
    if event.get("do") == "fail":
        raise ValueError("as asked")
    return {"echo": event}
