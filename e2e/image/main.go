// Command bootstrap is the image of the end-to-end tests: it does what the event asks for.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
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
	case "leave", "leave and exit", "leave and sleep":
		if err := leave(); err != nil {
			return nil, err
		}
		if in.Do == "leave and sleep" {
			time.Sleep(time.Minute)
		}
		if in.Do == "leave and exit" {
			os.Exit(3)
		}
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

// leave starts a process in a session of its own, which nobody waits for.
func leave() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	left := exec.Command(self, "left-behind:"+os.Getenv("AWS_LAMBDA_FUNCTION_NAME"))
	left.Env = []string{}
	left.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return left.Start()
}

func main() {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "left-behind:") {
		time.Sleep(time.Hour)
	}
	if len(os.Args) > 1 && os.Args[1] == "broken" {
		os.Exit(4)
	}
	lambda.Start(handle)
}
