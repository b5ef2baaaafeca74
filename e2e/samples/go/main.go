// An HTTP API's function with the events of aws-lambda-go.
package main

import (
	"context"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func handle(ctx context.Context, request events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	about, _ := lambdacontext.FromContext(ctx)
	return events.APIGatewayV2HTTPResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"x-function": lambdacontext.FunctionName, "x-known": known(about.AwsRequestID)},
		Body:       "hello " + request.QueryStringParameters["name"] + " by " + request.RequestContext.HTTP.Method,
	}, nil
}

func known(id string) string {
	if id == "" {
		return "no"
	}
	return "yes"
}

func main() { lambda.Start(handle) }
