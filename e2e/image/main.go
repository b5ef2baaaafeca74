// Command bootstrap is the image of the end-to-end tests: it does what the event asks for.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

type event struct {
	Do string `json:"do"`
}

func handle(ctx context.Context, in event) (map[string]any, error) {
	fmt.Println("asked for", in.Do)
	switch in.Do {
	case "fail":
		return nil, errors.New("as asked")
	case "panic":
		panic("as asked")
	case "sleep":
		time.Sleep(time.Minute)
	case "nap":
		time.Sleep(2 * time.Second)
	case "exit":
		os.Exit(3)
	}
	return map[string]any{
		"stage":   os.Getenv("STAGE"),
		"handler": os.Getenv("_HANDLER"),
		"memory":  os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
		"user":    os.Getuid(),
		"pid":     os.Getpid(),
		"args":    os.Args[1:],
	}, nil
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "broken" {
		os.Exit(4)
	}
	lambda.Start(handle)
}
