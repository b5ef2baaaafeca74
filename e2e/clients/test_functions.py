"""Functions that boto3 creates, changes and deletes, with names that Kubernetes cannot have."""

import base64
import concurrent.futures
import hashlib
import io
import json
import time
import unittest
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

LAMBDA = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
ERRORS = LAMBDA.exceptions
NAME = "MyStack-Hello_1"
ROLE = "arn:aws:iam::000000000000:role/default"
CODE = """
import os
def handler(event, context):
    return [%s, context.function_name, context.invoked_function_arn, context.log_group_name, os.environ.get("STAGE")]
"""


def packed(answer):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("app.py", CODE % answer)
    return out.getvalue()


def digest(code):
    return base64.b64encode(hashlib.sha256(code).digest()).decode()


def delete(name):
    try:
        LAMBDA.delete_function(FunctionName=name)
    except ERRORS.ResourceNotFoundException:
        pass


def create(name, code, **more):
    return LAMBDA.create_function(
        **({"Runtime": "python3.12", "Handler": "app.handler", "Role": ROLE} | more), FunctionName=name, Code={"ZipFile": code}
    )


def active(name):
    LAMBDA.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def updated(name):
    LAMBDA.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def answer(name, **more):
    response = LAMBDA.invoke(FunctionName=name, **more)
    body = json.load(response["Payload"])
    if "FunctionError" in response:
        raise AssertionError(body)
    return body


class Functions(unittest.TestCase):
    def test_from_creation_to_deletion(self):
        delete(NAME)
        self.addCleanup(delete, NAME)
        code = packed(1)
        created = create(NAME, code, Description="first", Timeout=20, Tags={"team": "ours"})
        self.assertEqual((NAME, "Pending", "python3.12"), tuple(created[it] for it in ("FunctionName", "State", "Runtime")))
        self.assertEqual((digest(code), len(code)), (created["CodeSha256"], created["CodeSize"]))
        self.assertTrue(created["FunctionArn"].endswith(":function:" + NAME))
        with self.assertRaises(ERRORS.ResourceConflictException):
            create(NAME, code)
        active(NAME)
        shown = LAMBDA.get_function(FunctionName=created["FunctionArn"])
        self.assertEqual({"team": "ours"}, shown["Tags"])
        self.assertEqual(digest(code), shown["Configuration"]["CodeSha256"])
        self.assertEqual([1, NAME, created["FunctionArn"], "/aws/lambda/" + NAME, None], answer(NAME))

        self.assertEqual("1", LAMBDA.publish_version(FunctionName=NAME)["Version"])
        alias = LAMBDA.create_alias(FunctionName=NAME, Name="PROD", FunctionVersion="1")
        self.assertEqual(created["FunctionArn"] + ":PROD", alias["AliasArn"])

        changed = LAMBDA.update_function_code(FunctionName=NAME, ZipFile=packed(2))
        self.assertEqual("InProgress", changed["LastUpdateStatus"])
        updated(NAME)
        LAMBDA.update_function_configuration(
            FunctionName=NAME, Environment={"Variables": {"STAGE": "test"}}, MemorySize=192, Description=""
        )
        updated(NAME)
        self.assertEqual([2, NAME, created["FunctionArn"], "/aws/lambda/" + NAME, "test"], answer(NAME))
        self.assertEqual([1, NAME, alias["AliasArn"], "/aws/lambda/" + NAME, None], answer(NAME, Qualifier="PROD"))
        LAMBDA.create_alias(FunctionName=NAME, Name="newest", FunctionVersion="$LATEST")
        for _ in range(60):
            try:
                self.assertEqual(2, answer(NAME, Qualifier="newest")[0])
                break
            except ERRORS.ResourceNotFoundException:
                time.sleep(0.5)
        LAMBDA.delete_alias(FunctionName=NAME, Name="newest")
        self.assertEqual(["PROD"], [it["Name"] for it in LAMBDA.list_aliases(FunctionName=NAME)["Aliases"]])

        pages = LAMBDA.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
        self.assertIn(NAME, [it["FunctionName"] for page in pages for it in page["Functions"]])
        LAMBDA.delete_function(FunctionName=NAME)
        for call in (LAMBDA.get_function, LAMBDA.delete_function):
            with self.assertRaises(ERRORS.ResourceNotFoundException):
                call(FunctionName=NAME)

    def test_limits_tags_and_the_account(self):
        name = "Limited_1"
        delete(name)
        self.addCleanup(delete, name)
        runner = ROLE.replace("default", "client-runner")
        created = create(name, packed(1), Publish=True, Role=runner)
        self.assertEqual(("1", runner), (created["Version"], created["Role"]))
        arn = created["FunctionArn"]
        self.assertTrue(arn.endswith(":function:" + name))
        self.assertEqual({}, self.concurrency(name))
        LAMBDA.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        self.assertEqual({"ReservedConcurrentExecutions": 0}, self.concurrency(name))
        self.assertEqual({"ReservedConcurrentExecutions": 0}, LAMBDA.get_function(FunctionName=name)["Concurrency"])
        LAMBDA.delete_function_concurrency(FunctionName=name)
        self.assertEqual({}, self.concurrency(name))
        LAMBDA.tag_resource(Resource=arn, Tags={"a b": "c/d", "e": ""})
        LAMBDA.untag_resource(Resource=arn, TagKeys=["e", "f"])
        self.assertEqual({"a b": "c/d"}, LAMBDA.list_tags(Resource=arn)["Tags"])
        LAMBDA.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
        self.assertEqual(0, LAMBDA.get_function_event_invoke_config(FunctionName=name)["MaximumRetryAttempts"])
        settings = LAMBDA.get_account_settings()
        self.assertGreater(settings["AccountUsage"]["FunctionCount"], 0)
        self.assertEqual("1", LAMBDA.get_function_configuration(FunctionName=name, Qualifier="1")["Version"])

    def concurrency(self, name):
        answered = LAMBDA.get_function_concurrency(FunctionName=name)
        answered.pop("ResponseMetadata")
        return answered

    def test_a_runtime_that_only_kappa_has(self):
        name = "php-by-the-api"
        delete(name)
        self.addCleanup(delete, name)
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("index.php", "<?php return fn($event) => PHP_MAJOR_VERSION;")
        create(name, code.getvalue(), Runtime="php8.4", Handler="index.php")
        active(name)
        self.assertEqual(8, answer(name))

    def test_layers(self):
        layer, name = "Shared_words", "layered-by-the-api"
        delete(name)
        self.addCleanup(delete, name)
        versions = []
        for word in ("first", "second"):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("python/words.py", "WORD = %r" % word)
            published = LAMBDA.publish_layer_version(
                LayerName=layer, Content={"ZipFile": out.getvalue()}, Description=word, CompatibleRuntimes=["python3.13"]
            )
            self.assertEqual(digest(out.getvalue()), published["Content"]["CodeSha256"])
            self.assertEqual(len(out.getvalue()), published["Content"]["CodeSize"])
            versions.append(published)
        first, second = (it["LayerVersionArn"] for it in versions)
        self.assertEqual(versions[0]["Version"] + 1, versions[1]["Version"])
        self.assertEqual("first", LAMBDA.get_layer_version_by_arn(Arn=first)["Description"])
        listed = LAMBDA.list_layers(CompatibleRuntime="python3.13")["Layers"]
        self.assertIn(second, [it["LatestMatchingVersion"]["LayerVersionArn"] for it in listed])
        pages = LAMBDA.get_paginator("list_layer_versions").paginate(LayerName=layer, PaginationConfig={"PageSize": 1})
        numbers = [it["Version"] for page in pages for it in page["LayerVersions"]]
        self.assertEqual([it["Version"] for it in reversed(versions)], numbers[:2])

        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("app.py", "import words\ndef handler(event, context):\n    print(words.WORD)\n    return words.WORD")
        created = create(name, code.getvalue(), Layers=[first])
        self.assertEqual([first], [it["Arn"] for it in created["Layers"]])
        active(name)
        self.assertEqual("first", answer(name))
        LAMBDA.delete_layer_version(LayerName=layer, VersionNumber=versions[0]["Version"])
        with self.assertRaises(ERRORS.ResourceNotFoundException):
            LAMBDA.get_layer_version(LayerName=layer, VersionNumber=versions[0]["Version"])
        LAMBDA.update_function_configuration(FunctionName=name, Layers=[second])
        updated(name)
        self.assertEqual("second", answer(name))

        LAMBDA.add_layer_version_permission(
            LayerName=layer,
            VersionNumber=versions[1]["Version"],
            StatementId="all",
            Action="lambda:GetLayerVersion",
            Principal="*",
        )
        policy = json.loads(LAMBDA.get_layer_version_policy(LayerName=layer, VersionNumber=versions[1]["Version"])["Policy"])
        self.assertEqual(["all"], [it["Sid"] for it in policy["Statement"]])
        LAMBDA.remove_layer_version_permission(LayerName=layer, VersionNumber=versions[1]["Version"], StatementId="all")
        LAMBDA.delete_layer_version(LayerName=layer, VersionNumber=versions[1]["Version"])

    def test_many_at_once(self):
        names = ["Many-%02d" % number for number in range(8)]
        code = packed(1)
        for name in names:
            delete(name)
            self.addCleanup(delete, name)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            created = list(pool.map(lambda name: create(name, code), names))
            self.assertEqual(names, [it["FunctionName"] for it in created])
            with self.assertRaises(ERRORS.ResourceConflictException):
                list(pool.map(lambda name: create(name, code), names[:4]))
            list(pool.map(active, names))
        pages = LAMBDA.get_paginator("list_functions").paginate()
        listed = [it["FunctionName"] for page in pages for it in page["Functions"]]
        self.assertEqual(names, [it for it in listed if it.startswith("Many-")])

    def test_event_source_mappings(self):
        name, queue = "Mapped_1", "arn:aws:sqs:us-east-1:000000000000:mapped"
        delete(name)
        self.addCleanup(delete, name)
        function = create(name, packed(1))["FunctionArn"]
        for old in LAMBDA.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
            LAMBDA.delete_event_source_mapping(UUID=old["UUID"])
        pattern = json.dumps({"body": {"kind": ["order"]}})
        created = LAMBDA.create_event_source_mapping(
            FunctionName=name,
            EventSourceArn=queue,
            BatchSize=20,
            MaximumBatchingWindowInSeconds=2,
            FilterCriteria={"Filters": [{"Pattern": pattern}]},
            FunctionResponseTypes=["ReportBatchItemFailures"],
            Enabled=False,
        )
        uuid = created["UUID"]
        self.addCleanup(self.unmap, uuid)
        self.assertEqual((function, queue, 20), tuple(created[it] for it in ("FunctionArn", "EventSourceArn", "BatchSize")))
        with self.assertRaises(ERRORS.ResourceConflictException):
            LAMBDA.create_event_source_mapping(FunctionName=name, EventSourceArn=queue)
        # As soon as kappa-sources, which starts with the first of them, has seen it.
        self.assertIn(LAMBDA.get_event_source_mapping(UUID=uuid)["State"], ("Creating", "Disabled"))
        changed = LAMBDA.update_event_source_mapping(UUID=uuid, BatchSize=5, FilterCriteria={})
        self.assertEqual(5, changed["BatchSize"])
        self.assertNotIn("FilterCriteria", changed)
        pages = LAMBDA.get_paginator("list_event_source_mappings").paginate(EventSourceArn=queue)
        self.assertEqual([uuid], [it["UUID"] for page in pages for it in page["EventSourceMappings"]])
        self.assertEqual("Deleting", LAMBDA.delete_event_source_mapping(UUID=uuid)["State"])
        with self.assertRaises(ERRORS.ResourceNotFoundException):
            LAMBDA.get_event_source_mapping(UUID=uuid)

    def unmap(self, uuid):
        try:
            LAMBDA.delete_event_source_mapping(UUID=uuid)
        except ERRORS.ResourceNotFoundException:
            pass

    def test_what_is_refused(self):
        with self.assertRaises(ClientError) as caught:
            create("Refused", packed(1), Role=ROLE.replace("default", "stranger"))
        self.assertEqual("AccessDeniedException", caught.exception.response["Error"]["Code"])
        self.assertIn("use serviceaccounts stranger", str(caught.exception))
        invalid = ERRORS.InvalidParameterValueException
        for wanted, more in (
            ("ServiceAccount", {"Role": "arn:aws:iam::123456789012:role/other"}),
            ("Could not unzip", {"Code": {"ZipFile": b"x"}}),
            ("not supported by Kappa", {"SnapStart": {"ApplyOn": "PublishedVersions"}}),
            ("spec.memory", {"MemorySize": 20000}),
            ("AWS_LAMBDA_X", {"Environment": {"Variables": {"AWS_LAMBDA_X": "1"}}}),
        ):
            with self.subTest(wanted=wanted), self.assertRaises(invalid) as caught:
                given = {"Runtime": "python3.12", "Handler": "app.handler", "Role": ROLE, "Code": {"ZipFile": packed(1)}}
                LAMBDA.create_function(FunctionName="Refused", **(given | more))
            self.assertIn(wanted, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
