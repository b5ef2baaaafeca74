"""Writes a request of each of Lambda's operations, with every member that it has, as botocore makes it; one in a line."""

import datetime
import json
import sys

sys.path.insert(0, sys.argv[1])

from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

VALUES = {
    "string": "s é/+&=%?:x",
    "integer": 7,
    "long": 7000000000,
    "double": 0.25,
    "boolean": True,
    "timestamp": datetime.datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=datetime.timezone.utc),
    "blob": b"\0\1b",
}


def value(shape):
    if shape.type_name == "structure":
        return {name: value(member) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [value(shape.member)] * 2
    if shape.type_name == "map":
        return {VALUES["string"]: value(shape.value)}
    return VALUES[shape.type_name]


def main():
    model = ServiceModel(Loader().load_service_model("lambda", "service-2"), "lambda")
    serializer = create_serializer("rest-json", include_validation=False)
    for name in model.operation_names:
        operation = model.operation_model(name)
        given = serializer.serialize_to_request(value(operation.input_shape), operation)
        prepare_request_dict(given, "http://kappa")
        request = create_request_object(given).prepare()
        headers = {key: text for key, text in request.headers.items() if key.startswith("X-Amz-")}
        written = {
            "operation": name,
            "method": request.method,
            "target": request.url.removeprefix("http://kappa"),
            "headers": {key: text if isinstance(text, str) else text.decode() for key, text in headers.items()},
            "body": (request.body or b"").decode(),
        }
        print(json.dumps(written, ensure_ascii=False))


main()
