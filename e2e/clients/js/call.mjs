// Calls a Kappa with AWS's SDK for JavaScript, as ClientsIT asks it to.
import assert from "node:assert/strict";
import {
  GetFunctionCommand, InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient, ListFunctionsCommand,
  paginateListVersionsByFunction, ResourceNotFoundException, UntagResourceCommand,
} from "@aws-sdk/client-lambda";

const client = new LambdaClient({ maxAttempts: 1 });
const text = (bytes) => new TextDecoder().decode(bytes);
const refusal = async (client, command) => {
  try {
    await client.send(command);
  } catch (error) {
    return error;
  }
  assert.fail("was not refused");
};

for (const FunctionName of ["client", "client:live", "client.default:1", "000000000000:function:client:live"]) {
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ "ünicode": "日本" }) }));
  assert.equal(answer.FunctionError, undefined, FunctionName);
  assert.deepEqual(JSON.parse(text(answer.Payload)).event, { "ünicode": "日本" });
}
const dry = await client.send(
  new InvokeCommand({ FunctionName: "client", Qualifier: "$LATEST", InvocationType: "DryRun" }));
assert.equal(dry.StatusCode, 204);
const failed = await client.send(new InvokeCommand({ FunctionName: "client", Payload: '{"fail": 1}', LogType: "Tail" }));
assert.equal(failed.FunctionError, "Unhandled");
assert.match(Buffer.from(failed.LogResult, "base64").toString(), /a line of the handler/);

assert.ok(await refusal(client, new InvokeCommand({ FunctionName: "nobody" })) instanceof ResourceNotFoundException);
for (const FunctionName of ["naïve:ü", "a b", "a/b", "a+b%20c", "~a", "a*b", "a=b&c=d", "it's(1)!"]) {
  const error = await refusal(client, new GetFunctionCommand({ FunctionName }));
  assert.match(error.name, /ValidationException|ResourceNotFoundException|InvalidParameterValueException/, FunctionName);
}
const untag = new UntagResourceCommand({
  Resource: "arn:aws:lambda:us-east-1:000000000000:function:nobody", TagKeys: ["", "a b", "ü", "x=y&z", "*'()!"] });
assert.notEqual((await refusal(client, untag)).name, "InvalidSignatureException");

const listed = await client.send(new ListFunctionsCommand({ MaxItems: 2 }));
assert.ok(listed.Functions.length > 0);
const versions = [];
for await (const page of paginateListVersionsByFunction({ client, pageSize: 1 }, { FunctionName: "client" })) {
  versions.push(...page.Versions.map((version) => version.Version));
}
assert.deepEqual(versions, ["$LATEST", "1"]);

const stream = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: "client-stream", Payload: "{}" }));
let streamed = "";
for await (const event of stream.EventStream) {
  streamed += event.PayloadChunk ? text(event.PayloadChunk.Payload) : "";
}
assert.equal(streamed, "first last");

const credentials = await client.config.credentials();
const other = new LambdaClient({
  maxAttempts: 1,
  credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey + "x" },
});
assert.equal((await refusal(other, new InvokeCommand({ FunctionName: "client" }))).name, "InvalidSignatureException");
console.log("AWS's SDK for JavaScript gets what it asks for");
