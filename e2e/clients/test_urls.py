"""Function URLs through boto3, on the function that UrlIT applied."""

import json
import time
import unittest
import urllib.error
import urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

LAMBDA = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
ERRORS = LAMBDA.exceptions
NAME = "url-api"
CORS = {
    "AllowCredentials": True,
    "AllowHeaders": ["x-a"],
    "AllowMethods": ["GET", "PUT"],
    "AllowOrigins": ["https://a.example"],
    "ExposeHeaders": ["x-b"],
    "MaxAge": 60,
}


def call(url, headers={}):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


def signed(url):
    request = AWSRequest("GET", url)
    SigV4Auth(boto3.session.Session().get_credentials(), "lambda", "us-east-1").add_auth(request)
    return dict(request.headers)


class Urls(unittest.TestCase):
    def eventually(self, status, url, headers=lambda url: {}):
        until = time.monotonic() + 60
        while True:
            got = call(url, headers(url))
            if got[0] == status or time.monotonic() > until:
                self.assertEqual(status, got[0], got)
                return got[1]
            time.sleep(0.1)

    def test_a_url_from_its_creation_to_its_end(self):
        with self.assertRaisesRegex(ERRORS.ResourceNotFoundException, "The resource you requested does not exist"):
            LAMBDA.get_function_url_config(FunctionName=NAME)
        made = LAMBDA.create_function_url_config(FunctionName=NAME, AuthType="NONE", Cors=CORS)
        self.assertEqual(("NONE", "BUFFERED", CORS), (made["AuthType"], made["InvokeMode"], made["Cors"]))
        self.assertTrue(made["FunctionArn"].endswith(":function:" + NAME))
        with self.assertRaisesRegex(ERRORS.ResourceConflictException, "FunctionUrlConfig exists for this Lambda function"):
            LAMBDA.create_function_url_config(FunctionName=NAME, AuthType="NONE")
        url = made["FunctionUrl"]
        self.eventually(403, url)

        LAMBDA.add_permission(
            FunctionName=NAME,
            StatementId="FunctionURLAllowPublicAccess",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType="NONE",
        )
        LAMBDA.add_permission(
            FunctionName=NAME,
            StatementId="FunctionURLInvokeAllowPublicAccess",
            Action="lambda:InvokeFunction",
            Principal="*",
            InvokedViaFunctionUrl=True,
        )
        event = self.eventually(200, url + "a?b=c")
        self.assertEqual(("/a", "b=c"), (event["rawPath"], event["rawQueryString"]))
        policy = json.loads(LAMBDA.get_policy(FunctionName=NAME)["Policy"])["Statement"]
        self.assertEqual({"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}, policy[1]["Condition"])

        changed = LAMBDA.update_function_url_config(FunctionName=NAME, AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM")
        self.assertEqual(("AWS_IAM", "RESPONSE_STREAM", CORS), tuple(changed[it] for it in ("AuthType", "InvokeMode", "Cors")))
        self.eventually(403, url)
        event = self.eventually(200, url, signed)
        self.assertTrue(event["requestContext"]["authorizer"]["iam"]["userArn"].endswith(":role/tester"))
        self.assertEqual(changed["FunctionUrl"], LAMBDA.get_function_url_config(FunctionName=NAME)["FunctionUrl"])

        LAMBDA.update_function_url_config(FunctionName=NAME, AuthType="NONE", InvokeMode="BUFFERED")
        self.eventually(200, url)
        LAMBDA.remove_permission(FunctionName=NAME, StatementId="FunctionURLAllowPublicAccess")
        self.eventually(403, url)
        LAMBDA.remove_permission(FunctionName=NAME, StatementId="FunctionURLInvokeAllowPublicAccess")
        LAMBDA.delete_function_url_config(FunctionName=NAME)
        self.assertEqual([], LAMBDA.list_function_url_configs(FunctionName=NAME)["FunctionUrlConfigs"])

    def test_an_alias_has_one_of_its_own(self):
        made = LAMBDA.create_function_url_config(FunctionName=NAME, Qualifier="live", AuthType="AWS_IAM")
        self.assertTrue(made["FunctionArn"].endswith(NAME + ":live"))
        listed = LAMBDA.list_function_url_configs(FunctionName=NAME)["FunctionUrlConfigs"]
        self.assertIn(made["FunctionUrl"], [it["FunctionUrl"] for it in listed])
        self.eventually(200, made["FunctionUrl"], signed)
        LAMBDA.delete_function_url_config(FunctionName=NAME, Qualifier="live")

    def test_what_is_wrong_is_refused(self):
        with self.assertRaisesRegex(Exception, "enum value set"):
            LAMBDA.create_function_url_config(FunctionName=NAME, AuthType="SOME")
        with self.assertRaisesRegex(ERRORS.ResourceNotFoundException, "Function not found"):
            LAMBDA.create_function_url_config(FunctionName="absent", AuthType="NONE")
        with self.assertRaisesRegex(Exception, "(?i)qualifier"):
            LAMBDA.create_function_url_config(FunctionName=NAME, Qualifier="1", AuthType="NONE")


if __name__ == "__main__":
    unittest.main()
