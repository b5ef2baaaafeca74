"""Strips botocore's service model of Lambda of all that says nothing about requests and answers."""

import gzip
import json
import pathlib
import sys

MODEL = "botocore/data/lambda/2015-03-31/service-2.json.gz"
MEMBER = ("shape", "location", "locationName")
SHAPE = ("type", "required", "min", "max", "pattern", "enum", "payload", "sensitive")


def kept(thing, names):
    return {name: thing[name] for name in names if name in thing}


def shape(given):
    result = kept(given, SHAPE)
    for part in ("member", "key", "value"):
        if part in given:
            result[part] = kept(given[part], MEMBER)
    if "members" in given:
        result["members"] = {name: kept(member, MEMBER) for name, member in given["members"].items()}
    if given.get("exception"):
        result["error"] = given["error"]["httpStatusCode"]
    return result


def operation(given):
    result = {"http": kept(given["http"], ("method", "requestUri", "responseCode"))}
    for part in ("input", "output"):
        if part in given:
            result[part] = given[part]["shape"]
    result["errors"] = [error["shape"] for error in given["errors"]]
    return result


def lines(things):
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(thing, separators=(',', ':'))}" for name, thing in things.items())


def main(release, installed, target):
    installed = pathlib.Path(installed)
    model = json.loads(gzip.decompress((installed / MODEL).read_bytes()))
    notice = (installed / f"botocore-{release}.dist-info" / "NOTICE").read_text()
    holder = notice.split("----")[0].strip()
    operations = {name: operation(given) for name, given in model["operations"].items()}
    shapes = {name: shape(given) for name, given in model["shapes"].items()}
    text = '{"botocore": "%s",\n"operations": {\n%s\n},\n"shapes": {\n%s\n}}\n' % (
        release,
        lines(operations),
        lines(shapes),
    )
    folder = pathlib.Path(target)
    (folder / "service-2.json").write_text(text)
    (folder / "NOTICE").write_text(
        f"service-2.json is {MODEL.removesuffix('.gz')} of botocore {release} (https://github.com/boto/botocore), from"
        " which its\ndocumentation and all else that says nothing about requests and answers was taken away.\n\n"
        f"{holder}\n\nLicensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0\n"
    )


main(*sys.argv[1:])
