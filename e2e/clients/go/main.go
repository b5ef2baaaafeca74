// Command clients calls a Kappa with AWS's SDK for Go, as ClientsIT asks it to.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
)

func check(what string, right bool, got any) {
	if !right {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, got)
		os.Exit(1)
	}
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1))
	check("configuration", err == nil, err)
	client := lambda.NewFromConfig(cfg)

	for _, name := range []string{"client", "client:live", "client.default:1", "000000000000:function:client:live"} {
		answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: &name, Payload: []byte(`{"ünicode": "日本"}`)})
		check(name, err == nil, err)
		check(name, answer.FunctionError == nil && strings.Contains(string(answer.Payload), "日本"), string(answer.Payload))
	}
	answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("client"), Qualifier: aws.String("$LATEST"), InvocationType: types.InvocationTypeDryRun})
	check("DryRun", err == nil && answer.StatusCode == 204, err)
	failed, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("client"), Payload: []byte(`{"fail": 1}`), LogType: types.LogTypeTail})
	check("a handler's error", err == nil && aws.ToString(failed.FunctionError) == "Unhandled", err)

	var missing *types.ResourceNotFoundException
	_, err = client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("nobody")})
	check("nobody", errors.As(err, &missing), err)
	for _, name := range []string{"naïve:ü", "a b", "a/b", "a+b%20c", "~a", "a*b", "a=b&c=d"} {
		_, err = client.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &name})
		check("a name with odd letters is signed: "+name, code(err) == "ValidationException" || code(err) == "InvalidParameterValueException" || errors.As(err, &missing), err)
	}
	listed, err := client.ListFunctions(ctx, &lambda.ListFunctionsInput{MaxItems: aws.Int32(2)})
	check("ListFunctions", err == nil && len(listed.Functions) > 0, err)
	versions := lambda.NewListVersionsByFunctionPaginator(client, &lambda.ListVersionsByFunctionInput{FunctionName: aws.String("client"), MaxItems: aws.Int32(1)})
	count := 0
	for versions.HasMorePages() {
		page, err := versions.NextPage(ctx)
		check("ListVersionsByFunction", err == nil, err)
		count += len(page.Versions)
	}
	check("versions", count == 2, count)

	_, err = client.UntagResource(ctx, &lambda.UntagResourceInput{
		Resource: aws.String("arn:aws:lambda:us-east-1:000000000000:function:nobody"), TagKeys: []string{"", "a b", "ü", "x=y&z"}})
	check("a query with odd letters is signed", code(err) != "InvalidSignatureException" && err != nil, err)

	stream, err := client.InvokeWithResponseStream(ctx, &lambda.InvokeWithResponseStreamInput{FunctionName: aws.String("client-stream"), Payload: []byte("{}")})
	check("InvokeWithResponseStream", err == nil, err)
	var text strings.Builder
	for event := range stream.GetStream().Events() {
		if chunk, ok := event.(*types.InvokeWithResponseStreamResponseEventMemberPayloadChunk); ok {
			text.Write(chunk.Value.Payload)
		}
	}
	check("what is streamed", text.String() == "first last", text.String())

	client = lambda.NewFromConfig(cfg, func(options *lambda.Options) {
		options.Credentials = aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
			credentials, err := cfg.Credentials.Retrieve(ctx)
			credentials.SecretAccessKey += "x"
			return credentials, err
		})
	})
	_, err = client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("client")})
	check("another key", code(err) == "InvalidSignatureException", err)
	fmt.Println("AWS's SDK for Go gets what it asks for")
}
