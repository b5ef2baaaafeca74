// Command bootstrap is a Lambda function in Go: an image of its own, with AWS's runtime client inside.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Name string `json:"name"`
}

type answer struct {
	Message   string `json:"message"`
	Version   string `json:"version"`
	RequestID string `json:"requestId"`
}

func handle(ctx context.Context, in event) (answer, error) {
	called, _ := lambdacontext.FromContext(ctx)
	name := in.Name
	if name == "" {
		name = "world"
	}
	return answer{
		Message:   "Hello, " + name + ", from an image!",
		Version:   lambdacontext.FunctionVersion,
		RequestID: called.AwsRequestID,
	}, nil
}

func main() {
	lambda.Start(handle)
}
