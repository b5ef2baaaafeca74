"""Versions and aliases through boto3 and the AWS CLI, on the functions that ClientsIT applied."""

import concurrent.futures
import datetime
import json
import os
import subprocess
import sys
import time
import unittest

import boto3
from botocore.config import Config

LAMBDA = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
OTHER = boto3.session.Session().client("lambda", config=Config(retries={"total_max_attempts": 1}))
NAME = "controlled"
ERRORS = LAMBDA.exceptions


class Functions(unittest.TestCase):
    def test_waiters(self):
        for waiter in ("function_exists", "function_active_v2", "function_updated_v2", "function_active", "function_updated"):
            with self.subTest(waiter=waiter):
                LAMBDA.get_waiter(waiter).wait(FunctionName=NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        LAMBDA.get_waiter("published_version_active").wait(FunctionName=NAME, Qualifier="1", WaiterConfig={"Delay": 1})

    def test_a_function_in_full(self):
        answer = LAMBDA.get_function(FunctionName=NAME)
        shown = answer["Configuration"]
        self.assertEqual(
            (NAME, "python3.13", "app.handler", 5, 256, "$LATEST", "Zip", "Active", "Successful"),
            tuple(
                shown[field]
                for field in (
                    "FunctionName",
                    "Runtime",
                    "Handler",
                    "Timeout",
                    "MemorySize",
                    "Version",
                    "PackageType",
                    "State",
                    "LastUpdateStatus",
                )
            ),
        )
        self.assertEqual({"Variables": {"STAGE": "test"}}, shown["Environment"])
        self.assertEqual({"Size": 512}, shown["EphemeralStorage"])
        self.assertGreater(shown["CodeSize"], 0)
        self.assertRegex(shown["LastModified"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$")
        self.assertEqual(3, answer["Concurrency"]["ReservedConcurrentExecutions"])
        self.assertEqual(shown["RevisionId"], LAMBDA.get_function_configuration(FunctionName=NAME)["RevisionId"])
        pages = LAMBDA.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
        self.assertIn(NAME, [function["FunctionName"] for page in pages for function in page["Functions"]])

    def test_what_is_not_there(self):
        for call in (LAMBDA.get_function, LAMBDA.get_function_configuration, LAMBDA.publish_version, LAMBDA.list_aliases):
            with self.subTest(call=call.__name__), self.assertRaises(ERRORS.ResourceNotFoundException):
                call(FunctionName="nobody")
        with self.assertRaises(ERRORS.ServiceException) as caught:
            LAMBDA.put_function_recursion_config(FunctionName=NAME, RecursiveLoop="Allow")
        self.assertIn("always ended", str(caught.exception))


class Versions(unittest.TestCase):
    def test_nothing_changed_is_nothing_published(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            published = list(pool.map(lambda client: client.publish_version(FunctionName=NAME)["Version"], (LAMBDA, OTHER)))
        self.assertEqual(["2", "2"], published)

    def test_list(self):
        pages = LAMBDA.get_paginator("list_versions_by_function").paginate(FunctionName=NAME, PaginationConfig={"PageSize": 2})
        versions = [version for page in pages for version in page["Versions"]]
        self.assertEqual(["$LATEST", "1", "2"], [version["Version"] for version in versions])
        self.assertTrue(versions[0]["FunctionArn"].endswith(f":function:{NAME}:$LATEST"))
        self.assertNotEqual(versions[1]["CodeSha256"], versions[2]["CodeSha256"])

    def test_conditions(self):
        latest = LAMBDA.get_function_configuration(FunctionName=NAME)
        answer = LAMBDA.publish_version(
            FunctionName=NAME, CodeSha256=latest["CodeSha256"], RevisionId=latest["RevisionId"]
        )
        self.assertEqual(latest["CodeSha256"], answer["CodeSha256"])
        with self.assertRaises(ERRORS.InvalidParameterValueException):
            LAMBDA.publish_version(FunctionName=NAME, CodeSha256="other")
        with self.assertRaises(ERRORS.PreconditionFailedException):
            LAMBDA.publish_version(FunctionName=NAME, RevisionId="other")


class Aliases(unittest.TestCase):
    def alias(self, name, **more):
        created = LAMBDA.create_alias(FunctionName=NAME, Name=name, **more)
        self.addCleanup(LAMBDA.delete_alias, FunctionName=NAME, Name=name)
        return created

    def test_from_creation_to_deletion(self):
        created = self.alias("stage", FunctionVersion="1", Description="for us")
        self.assertEqual(("stage", "1", "for us"), (created["Name"], created["FunctionVersion"], created["Description"]))
        self.assertTrue(created["AliasArn"].endswith(f":function:{NAME}:stage"))
        routed = LAMBDA.update_alias(
            FunctionName=NAME, Name="stage", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}}
        )
        self.assertEqual({"2": 0.1}, routed["RoutingConfig"]["AdditionalVersionWeights"])
        self.assertEqual("1", LAMBDA.get_function_configuration(FunctionName=NAME, Qualifier="stage")["Version"])
        moved = LAMBDA.update_alias(FunctionName=NAME, Name="stage", FunctionVersion="2", RoutingConfig={})
        self.assertNotIn("RoutingConfig", moved)
        got = LAMBDA.get_alias(FunctionName=NAME, Name="stage")
        moved.pop("ResponseMetadata"), got.pop("ResponseMetadata")
        self.assertEqual(moved, got)
        LAMBDA.delete_alias(FunctionName=NAME, Name="stage")
        with self.assertRaises(ERRORS.ResourceNotFoundException):
            LAMBDA.get_alias(FunctionName=NAME, Name="stage")

    def test_list(self):
        for name, version in {"one": "1", "two": "2", "too": "2"}.items():
            self.alias(name, FunctionVersion=version)
        pages = LAMBDA.get_paginator("list_aliases").paginate(FunctionName=NAME, PaginationConfig={"PageSize": 2})
        names = [alias["Name"] for page in pages for alias in page["Aliases"]]
        self.assertLessEqual({"one", "two", "too"}, set(names))
        self.assertEqual(len(names), len(set(names)))
        only = LAMBDA.list_aliases(FunctionName=NAME, FunctionVersion="2")["Aliases"]
        self.assertEqual(["too", "two"], [alias["Name"] for alias in only])

    def test_two_clients_and_one_revision(self):
        revision = self.alias("raced", FunctionVersion="1")["RevisionId"]

        def update(client):
            try:
                client.update_alias(FunctionName=NAME, Name="raced", FunctionVersion="2", RevisionId=revision)
                return "won"
            except client.exceptions.PreconditionFailedException:
                return "lost"

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            self.assertEqual(["lost", "won"], sorted(pool.map(update, (LAMBDA, OTHER))))

    def test_a_version_in_use_stays(self):
        self.alias("held", FunctionVersion="1")
        with self.assertRaises(ERRORS.ResourceConflictException) as caught:
            LAMBDA.delete_function(FunctionName=NAME, Qualifier="1")
        self.assertIn("held", str(caught.exception))

    def test_errors(self):
        self.alias("here", FunctionVersion="1")
        invalid, missing, conflict = (
            ERRORS.InvalidParameterValueException,
            ERRORS.ResourceNotFoundException,
            ERRORS.ResourceConflictException,
        )
        for expected, name, version, weights in (
            (conflict, "here", "1", {}),
            (missing, "new", "7", {}),
            (missing, "new", "1", {"7": 0.5}),
            (invalid, "new", "1", {"1": 0.5}),
            (invalid, "new", "$LATEST", {"1": 0.5}),
        ):
            with self.subTest(name=name, version=version, weights=weights), self.assertRaises(expected):
                LAMBDA.create_alias(
                    FunctionName=NAME,
                    Name=name,
                    FunctionVersion=version,
                    RoutingConfig={"AdditionalVersionWeights": weights},
                )
        for name, weights in (("12", {}), ("new", {"2": 1.5})):
            with self.subTest(name=name), self.assertRaises(LAMBDA.exceptions.ClientError) as caught:
                LAMBDA.create_alias(
                    FunctionName=NAME,
                    Name=name,
                    FunctionVersion="1",
                    RoutingConfig={"AdditionalVersionWeights": weights},
                )
            self.assertEqual("ValidationException", caught.exception.response["Error"]["Code"])


class EventInvokeConfigs(unittest.TestCase):
    QUEUE = "arn:aws:sqs:us-east-1:000000000000:failed.controlled"

    def test_from_the_first_to_the_last(self):
        client = LAMBDA.get_function(FunctionName="client")["Configuration"]["FunctionArn"]
        LAMBDA.create_alias(FunctionName=NAME, Name="events", FunctionVersion="1")
        self.addCleanup(LAMBDA.delete_alias, FunctionName=NAME, Name="events")
        revision = LAMBDA.publish_version(FunctionName=NAME)["Version"]
        for qualifier in ("$LATEST", "1", "events"):
            put = LAMBDA.put_function_event_invoke_config(
                FunctionName=NAME,
                Qualifier=qualifier,
                MaximumRetryAttempts=0,
                DestinationConfig={"OnSuccess": {"Destination": client}, "OnFailure": {"Destination": self.QUEUE}},
            )
            self.assertTrue(put["FunctionArn"].endswith(f":function:{NAME}:{qualifier}"))
            self.assertEqual((0, 21600), (put["MaximumRetryAttempts"], put["MaximumEventAgeInSeconds"]))
            updated = LAMBDA.update_function_event_invoke_config(
                FunctionName=NAME, Qualifier=qualifier, MaximumEventAgeInSeconds=60
            )
            got = LAMBDA.get_function_event_invoke_config(FunctionName=NAME, Qualifier=qualifier)
            updated.pop("ResponseMetadata"), got.pop("ResponseMetadata")
            self.assertEqual(updated, got)
            self.assertEqual((0, 60), (got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]))
            self.assertEqual({"Destination": client}, got["DestinationConfig"]["OnSuccess"])
            self.assertEqual({"Destination": self.QUEUE}, got["DestinationConfig"]["OnFailure"])
            self.assertLess(abs((datetime.datetime.now(datetime.timezone.utc) - got["LastModified"]).total_seconds()), 300)
        pages = LAMBDA.get_paginator("list_function_event_invoke_configs").paginate(
            FunctionName=NAME, PaginationConfig={"PageSize": 2}
        )
        listed = [config["FunctionArn"].split(":")[-1] for page in pages for config in page["FunctionEventInvokeConfigs"]]
        self.assertEqual(["$LATEST", "1", "events"], sorted(listed))
        # They are no part of a version.
        self.assertEqual(revision, LAMBDA.publish_version(FunctionName=NAME)["Version"])
        for qualifier in ("$LATEST", "1", "events"):
            LAMBDA.delete_function_event_invoke_config(FunctionName=NAME, Qualifier=qualifier)
            with self.assertRaises(ERRORS.ResourceNotFoundException):
                LAMBDA.get_function_event_invoke_config(FunctionName=NAME, Qualifier=qualifier)

    def test_errors(self):
        itself = LAMBDA.get_function(FunctionName=NAME)["Configuration"]["FunctionArn"]
        for destination in (f"arn:aws:sns:us-east-1:000000000000:{NAME}", self.QUEUE + ".>", itself):
            with self.subTest(destination=destination), self.assertRaises(ERRORS.InvalidParameterValueException):
                LAMBDA.put_function_event_invoke_config(
                    FunctionName=NAME, DestinationConfig={"OnFailure": {"Destination": destination}}
                )
        with self.assertRaises(ERRORS.ResourceNotFoundException):
            LAMBDA.update_function_event_invoke_config(FunctionName=NAME, MaximumRetryAttempts=1)


class ProvisionedConcurrency(unittest.TestCase):
    def until_ready(self, qualifier):
        for _ in range(600):
            config = LAMBDA.get_provisioned_concurrency_config(FunctionName=NAME, Qualifier=qualifier)
            if config["Status"] != "IN_PROGRESS":
                break
            time.sleep(0.2)
        self.assertEqual("READY", config["Status"], config)
        return config

    def test_an_alias_has_it_and_moves(self):
        LAMBDA.create_alias(FunctionName=NAME, Name="Provisioned", FunctionVersion="1")
        self.addCleanup(LAMBDA.delete_alias, FunctionName=NAME, Name="Provisioned")
        missing = ERRORS.ProvisionedConcurrencyConfigNotFoundException
        with self.assertRaises(missing):
            LAMBDA.get_provisioned_concurrency_config(FunctionName=NAME, Qualifier="Provisioned")
        put = LAMBDA.put_provisioned_concurrency_config(
            FunctionName=NAME, Qualifier="Provisioned", ProvisionedConcurrentExecutions=2
        )
        self.assertEqual(202, put["ResponseMetadata"]["HTTPStatusCode"])
        self.assertEqual(
            (2, 0, 0, "IN_PROGRESS"),
            (
                put["RequestedProvisionedConcurrentExecutions"],
                put["AvailableProvisionedConcurrentExecutions"],
                put["AllocatedProvisionedConcurrentExecutions"],
                put["Status"],
            ),
        )
        ready = self.until_ready("Provisioned")
        self.assertEqual(2, ready["AvailableProvisionedConcurrentExecutions"])
        with self.assertRaises(ERRORS.ResourceConflictException):
            LAMBDA.put_provisioned_concurrency_config(
                FunctionName=NAME, Qualifier="1", ProvisionedConcurrentExecutions=1
            )
        with self.assertRaises(ERRORS.InvalidParameterValueException):
            LAMBDA.put_provisioned_concurrency_config(
                FunctionName=NAME, Qualifier="2", ProvisionedConcurrentExecutions=2
            )
        LAMBDA.update_alias(FunctionName=NAME, Name="Provisioned", FunctionVersion="2")
        self.until_ready("Provisioned")
        pages = LAMBDA.get_paginator("list_provisioned_concurrency_configs").paginate(FunctionName=NAME)
        listed = [config for page in pages for config in page["ProvisionedConcurrencyConfigs"]]
        self.assertEqual([f"{NAME}:Provisioned"], [it["FunctionArn"].split(":function:")[1] for it in listed])
        LAMBDA.delete_provisioned_concurrency_config(FunctionName=NAME, Qualifier="Provisioned")
        with self.assertRaises(missing):
            LAMBDA.get_provisioned_concurrency_config(FunctionName=NAME, Qualifier="Provisioned")


class Cli(unittest.TestCase):
    def aws(self, *arguments):
        command = [os.path.join(os.path.dirname(sys.executable), "aws"), "lambda", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        return done, json.loads(done.stdout) if done.returncode == 0 and done.stdout else {}

    def test_an_alias(self):
        common = ("--function-name", NAME, "--name", "cli")
        done, created = self.aws(
            "create-alias", *common, "--function-version", "1", "--routing-config", "AdditionalVersionWeights={2=0.05}"
        )
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual({"2": 0.05}, created["RoutingConfig"]["AdditionalVersionWeights"])
        done, moved = self.aws("update-alias", *common, "--function-version", "2", "--routing-config", "{}")
        self.assertEqual(("2", 0), (moved.get("FunctionVersion"), done.returncode), done.stderr)
        done, _ = self.aws("delete-alias", *common)
        self.assertEqual(0, done.returncode, done.stderr)
        done, _ = self.aws("get-alias", *common)
        self.assertIn("ResourceNotFoundException", done.stderr)

    def test_versions(self):
        done, published = self.aws("publish-version", "--function-name", NAME)
        self.assertEqual("2", published.get("Version"), done.stderr)
        done, listed = self.aws("list-versions-by-function", "--function-name", NAME)
        self.assertEqual(["$LATEST", "1", "2"], [version["Version"] for version in listed["Versions"]], done.stderr)
        done, _ = self.aws("wait", "published-version-active", "--function-name", NAME, "--qualifier", "2")
        self.assertEqual(0, done.returncode, done.stderr)


if __name__ == "__main__":
    unittest.main()
