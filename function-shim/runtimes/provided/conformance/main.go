// Command bootstrap answers what the conformance suite asks, through AWS's own client.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do    string          `json:"do"`
	Value json.RawMessage `json:"value"`
	Name  string          `json:"name"`
	Lines int             `json:"lines"`
	Size  int             `json:"size"`
	Pause int             `json:"pause"`
}

// slow is an answer that comes in two pieces, or in one and an error.
type slow struct {
	in  event
	out []string
}

func (s *slow) Read(into []byte) (int, error) {
	if len(s.out) == 0 {
		return 0, io.EOF
	}
	if len(s.out) == 1 {
		time.Sleep(time.Duration(s.in.Pause) * time.Millisecond)
		if s.in.Value != nil {
			return 0, errors.New("as asked")
		}
	}
	n := copy(into, s.out[0])
	s.out = s.out[1:]
	return n, nil
}

var count int

func handle(ctx context.Context, in event) (any, error) {
	count++
	called, _ := lambdacontext.FromContext(ctx)
	switch in.Do {
	case "echo":
		return in.Value, nil
	case "context":
		deadline, _ := ctx.Deadline()
		return map[string]any{
			"id": called.AwsRequestID, "name": lambdacontext.FunctionName, "version": lambdacontext.FunctionVersion,
			"memory": lambdacontext.MemoryLimitInMB, "arn": called.InvokedFunctionArn,
			"group": lambdacontext.LogGroupName, "stream": lambdacontext.LogStreamName,
			"remaining": time.Until(deadline).Milliseconds(),
		}, nil
	case "custom":
		return called.ClientContext.Custom, nil
	case "env":
		if value, set := os.LookupEnv(in.Name); set {
			return value, nil
		}
	case "trace":
		return os.Getenv("_X_AMZN_TRACE_ID"), nil
	case "count":
		return count, nil
	case "fail":
		return nil, errors.New("as asked")
	case "exit":
		os.Exit(3)
	case "sleep":
		time.Sleep(time.Minute)
	case "print":
		for i := range in.Lines {
			fmt.Printf("line %d\n", i)
		}
	case "big":
		return strings.Repeat("x", in.Size), nil
	case "keep":
		file, err := os.OpenFile("/tmp/kept", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		fmt.Fprint(file, "x")
		info, err := file.Stat()
		return info.Size(), err
	case "stream":
		return &slow{in, []string{"first", "last"}}, nil
	case "leave":
		return nil, exec.Command("setsid", "sleep", "7655").Start()
	}
	return nil, nil
}

func main() {
	lambda.Start(handle)
}
