"""What boto3 and the AWS CLI see of the functions that ClientsIT applied; AWS_ENDPOINT_URL_LAMBDA says where."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

LAMBDA = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))


def invoke(name, payload="{}", **more):
    return LAMBDA.invoke(FunctionName=name, Payload=payload, **more)


def lambda_as(credentials, token=None):
    return boto3.client(
        "lambda",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=token or credentials["SessionToken"],
        config=Config(retries={"total_max_attempts": 1}),
    )


class Logs(unittest.TestCase):
    GROUP = "/aws/lambda/client"

    def setUp(self):
        self.logs = boto3.client("logs", endpoint_url=os.environ["AWS_ENDPOINT_URL_LAMBDA"])

    def lines(self, **more):
        pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=self.GROUP, **more)
        return [event for page in pages for event in page["events"]]

    def test_lines_of_an_event_are_found(self):
        start = int(time.time() * 1000) - 60_000
        request = invoke("client")["ResponseMetadata"]["RequestId"]
        for _ in range(300):
            found = self.lines(startTime=start, filterPattern=f'"{request}"', interleaved=True)
            if any("REPORT" in line["message"] for line in found):
                break
            time.sleep(0.2)
        self.assertEqual(["START", "END", "REPORT"], [line["message"].split(" ")[0] for line in found], found)
        self.assertEqual([line["eventId"] for line in found], sorted({line["eventId"] for line in found}))
        again = self.lines(startTime=found[0]["timestamp"], filterPattern=f'"{request}"')
        self.assertEqual(found, again)
        stream = found[0]["logStreamName"]
        events = self.logs.get_log_events(logGroupName=self.GROUP, logStreamName=stream, startFromHead=True)["events"]
        self.assertIn("a line of the handler", [event["message"].strip() for event in events])
        streams = self.logs.describe_log_streams(logGroupName=self.GROUP, orderBy="LastEventTime", descending=True)
        self.assertIn(stream, [it["logStreamName"] for it in streams["logStreams"]])
        groups = self.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=self.GROUP)
        self.assertIn(self.GROUP, [group["logGroupName"] for page in groups for group in page["logGroups"]])

    def test_what_is_not_there(self):
        with self.assertRaises(self.logs.exceptions.ResourceNotFoundException):
            self.logs.filter_log_events(logGroupName="/aws/lambda/nobody")

    def test_the_cli(self):
        aws = os.path.join(os.path.dirname(sys.executable), "aws")
        command = [aws, "--endpoint-url", os.environ["AWS_ENDPOINT_URL_LAMBDA"], "logs", "filter-log-events"]
        done = subprocess.run([*command, "--log-group-name", self.GROUP], capture_output=True, text=True, timeout=120)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("events", json.loads(done.stdout))


class Sts(unittest.TestCase):
    def setUp(self):
        self.sts = boto3.client("sts", endpoint_url=os.environ["AWS_ENDPOINT_URL_LAMBDA"])
        self.role = self.sts.get_caller_identity()["Arn"]

    def refused(self, code, call, **parameters):
        with self.assertRaises(ClientError) as refused:
            call(**parameters)
        self.assertEqual(code, refused.exception.response["Error"]["Code"])

    def test_a_token_of_a_service_account_gives_credentials(self):
        token = os.environ["KAPPA_TEST_TOKEN"]
        given = self.sts.assume_role_with_web_identity(
            RoleArn=self.role, RoleSessionName="test", WebIdentityToken=token
        )["Credentials"]
        session = lambda_as(given)
        self.assertEqual(204, session.invoke(FunctionName="client", InvocationType="DryRun")["StatusCode"])
        self.assertTrue(session.get_function(FunctionName="client")["Configuration"])
        sealed = bytearray(base64.b64decode(given["SessionToken"]))
        sealed[-1] ^= 1
        changed = lambda_as(given, base64.b64encode(sealed).decode())
        self.refused("UnrecognizedClientException", changed.invoke, FunctionName="client", InvocationType="DryRun")
        of_another = lambda_as({**given, "AccessKeyId": "ASIA0123456789ABCDEF"})
        self.refused("UnrecognizedClientException", of_another.list_functions)
        self.refused(
            "AccessDenied",
            self.sts.assume_role_with_web_identity,
            RoleArn=self.role + "x",
            RoleSessionName="test",
            WebIdentityToken=token,
        )

    def test_an_sdk_in_a_pod_needs_no_key(self):
        with tempfile.NamedTemporaryFile("w") as token:
            token.write(os.environ["KAPPA_TEST_TOKEN"])
            token.flush()
            pod = {
                "AWS_ROLE_ARN": self.role,
                "AWS_WEB_IDENTITY_TOKEN_FILE": token.name,
                "AWS_ENDPOINT_URL_STS": os.environ["AWS_ENDPOINT_URL_LAMBDA"],
            }
            with unittest.mock.patch.dict(os.environ, pod):
                for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
                    del os.environ[key]
                session = boto3.Session()
                answer = session.client("lambda").invoke(FunctionName="client", InvocationType="DryRun")
                who = session.client("sts").get_caller_identity()
        self.assertEqual(204, answer["StatusCode"])
        self.assertRegex(who["Arn"], "^arn:aws:sts::000000000000:assumed-role/" + self.role.split("/")[1] + "/")

    def test_another_role_has_its_own_rights(self):
        role = self.role.replace(self.role.split("/")[1], "client-role")
        given = self.sts.assume_role(RoleArn=role, RoleSessionName="night-shift")["Credentials"]
        session = lambda_as(given)
        self.assertEqual(204, session.invoke(FunctionName="client", InvocationType="DryRun")["StatusCode"])
        self.refused("AccessDeniedException", session.get_function, FunctionName="client")
        self.refused("AccessDenied", self.sts.assume_role, RoleArn=role + "s", RoleSessionName="night-shift")

    def test_a_key_gives_credentials_that_give_no_others(self):
        given = self.sts.get_session_token(DurationSeconds=900)["Credentials"]
        self.assertEqual(204, lambda_as(given).invoke(FunctionName="client", InvocationType="DryRun")["StatusCode"])
        again = boto3.client(
            "sts",
            endpoint_url=os.environ["AWS_ENDPOINT_URL_LAMBDA"],
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        self.assertEqual(self.role, again.get_caller_identity()["Arn"])
        self.refused("AccessDenied", again.get_session_token)


class Boto3(unittest.TestCase):
    def test_names_qualifiers_and_arns(self):
        try:
            invoke("nobody")
            self.fail("there is no function nobody")
        except LAMBDA.exceptions.ResourceNotFoundException as error:
            arn = error.response["Error"]["Message"].split(": ", 1)[1].replace("nobody", "client")
        account = arn.split(":")[4]
        for name, version in {
            "client": "$LATEST",
            "client:$LATEST": "$LATEST",
            "client:1": "1",
            "client:live": "1",
            "client.default:live": "1",
            arn: "$LATEST",
            arn + ":live": "1",
            f"{account}:function:client:1": "1",
        }.items():
            with self.subTest(name=name):
                answer = invoke(name)
                self.assertEqual(200, answer["StatusCode"])
                self.assertEqual(version, answer["ExecutedVersion"])
                self.assertEqual(version, json.load(answer["Payload"])["version"])
        self.assertEqual("1", invoke("client", Qualifier="live")["ExecutedVersion"])

    def test_the_event_and_the_context_reach_the_handler(self):
        context = base64.b64encode(json.dumps({"custom": {"who": "Ada"}}).encode()).decode()
        answer = invoke("client", json.dumps({"ünicode": [1, None]}), ClientContext=context)
        body = json.load(answer["Payload"])
        self.assertEqual({"ünicode": [1, None]}, body["event"])
        self.assertEqual({"who": "Ada"}, body["custom"])
        self.assertEqual(answer["ResponseMetadata"]["RequestId"], body["requestId"])

    def test_the_log_is_tailed(self):
        log = base64.b64decode(invoke("client", LogType="Tail")["LogResult"]).decode()
        self.assertIn("START RequestId:", log)
        self.assertIn("a line of the handler", log)
        self.assertIn("REPORT RequestId:", log)

    def test_a_function_error(self):
        answer = invoke("client", '{"fail": true}')
        self.assertEqual("Unhandled", answer["FunctionError"])
        error = json.load(answer["Payload"])
        self.assertEqual(("RuntimeError", "as asked"), (error["errorType"], error["errorMessage"]))

    def test_errors_are_the_exceptions_of_the_service(self):
        with self.assertRaises(LAMBDA.exceptions.ResourceNotFoundException):
            invoke("client:7")
        with self.assertRaises(LAMBDA.exceptions.InvalidRequestContentException):
            invoke("client", "{not json")
        with self.assertRaises(LAMBDA.exceptions.RequestTooLargeException):
            invoke("client", json.dumps("x" * (6 << 20)))
        with self.assertRaises(LAMBDA.exceptions.TooManyRequestsException):
            invoke("client-off")


class Streams(unittest.TestCase):
    def stream(self, name, payload="{}", **more):
        return LAMBDA.invoke_with_response_stream(FunctionName=name, Payload=payload, **more)

    def read(self, name, payload="{}", **more):
        """All pieces, and the end."""
        events = list(self.stream(name, payload, **more)["EventStream"])
        pieces = [event["PayloadChunk"]["Payload"] for event in events[:-1]]
        return pieces, events[-1]["InvokeComplete"]

    def test_pieces_come_while_the_handler_runs(self):
        self.read("client-stream")  # so that an instance is there
        answer = self.stream("client-stream", '{"pause": 3000}', LogType="Tail")
        self.assertEqual(200, answer["StatusCode"])
        self.assertEqual("$LATEST", answer["ExecutedVersion"])
        events = iter(answer["EventStream"])
        self.assertEqual(b"first ", next(events)["PayloadChunk"]["Payload"])
        first = time.monotonic()
        self.assertEqual(b"last", next(events)["PayloadChunk"]["Payload"])
        self.assertGreater(time.monotonic() - first, 0.5)
        complete = next(events)["InvokeComplete"]
        self.assertNotIn("ErrorCode", complete)
        log = base64.b64decode(complete["LogResult"]).decode()
        self.assertIn("a line of the handler", log)
        self.assertIn("REPORT RequestId:", log)

    def test_an_error_behind_the_first_piece(self):
        pieces, complete = self.read("client-stream", '{"fail": true}')
        self.assertEqual([b"first "], pieces)
        self.assertEqual("Function.Unhandled", complete["ErrorCode"])
        self.assertEqual("as asked", json.loads(complete["ErrorDetails"])["errorMessage"])

    def test_a_page_has_its_prelude(self):
        pieces, _ = self.read("client-stream", '{"page": true}')
        self.assertEqual(b'{"statusCode":201}' + bytes(8) + b"first last", b"".join(pieces))

    def test_large_answers(self):
        pieces, complete = self.read("client-stream", '{"blocks": 32}')
        self.assertEqual((32 << 20) + 10, sum(map(len, pieces)))
        self.assertEqual({}, complete)

    def test_either_call_takes_either_handler(self):
        pieces, complete = self.read("client", '{"a": 1}')
        self.assertEqual(1, len(pieces))
        self.assertEqual({"a": 1}, json.loads(pieces[0])["event"])
        self.assertEqual({}, complete)
        self.assertEqual(b"first last", invoke("client-stream")["Payload"].read())

    def test_errors_before_the_stream(self):
        with self.assertRaises(LAMBDA.exceptions.ResourceNotFoundException):
            self.stream("client:7")
        with self.assertRaises(LAMBDA.exceptions.TooManyRequestsException):
            self.stream("client-off")


class Cli(unittest.TestCase):
    def aws(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.json")
            command = [os.path.join(os.path.dirname(sys.executable), "aws"), "lambda", "invoke", *arguments, out]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
            payload = ""
            if os.path.exists(out):
                with open(out, encoding="utf-8") as file:
                    payload = file.read()
            return done, payload

    def test_invoke(self):
        done, payload = self.aws("--function-name", "client", "--qualifier", "live", "--payload", '{"a": 1}')
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual("1", json.loads(done.stdout)["ExecutedVersion"])
        self.assertEqual({"a": 1}, json.loads(payload)["event"])

    def test_unknown_function(self):
        done, _ = self.aws("--function-name", "nobody")
        self.assertNotEqual(0, done.returncode)
        self.assertIn("ResourceNotFoundException", done.stderr)


if __name__ == "__main__":
    unittest.main()
