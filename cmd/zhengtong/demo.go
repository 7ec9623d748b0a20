package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"zhengtong/cmd/zhengtong/demo"
)

type demoCommand struct {
	Server   string `help:"Origin of the running server." default:"http://127.0.0.1:8080"`
	Password string `help:"Password of the demonstration accounts." default:"Zhengtong#2026"`
	JSON     bool   `help:"Print one JSON object a step."`
}

// Run drives the journey.
func (d demoCommand) Run(ctx context.Context) error {
	result, err := demo.Run(ctx, demo.Options{Server: d.Server, Password: d.Password, Out: os.Stdout, JSON: d.JSON,
		Run: strconv.FormatInt(time.Now().UnixNano(), 36)})
	if err != nil || d.JSON {
		return err
	}
	_, err = fmt.Printf("\n办件 %s 走完 %d 步：%s，案卷 %s\n", result.CaseNumber, result.Steps, result.LicenceNo, result.Archive)
	return err
}
