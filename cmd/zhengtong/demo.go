package main

import (
	"cmp"
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
	Matter   string `help:"Whose journey to drive: food-business-licence in Shuangfeng, or energy-review in Lingshan, a real matter." enum:"food-business-licence,energy-review" default:"food-business-licence"`
	Steps    int    `help:"Stop after so many steps and leave the case there to look at; 0 walks to the end."`
	JSON     bool   `help:"Print one JSON object a step."`
}

// Run drives the journey.
func (d demoCommand) Run(ctx context.Context) error {
	result, err := demo.Run(ctx, demo.Options{Server: d.Server, Password: d.Password, Matter: d.Matter, Steps: d.Steps, Out: os.Stdout, JSON: d.JSON,
		Run: strconv.FormatInt(time.Now().UnixNano(), 36)})
	if err != nil || d.JSON {
		return err
	}
	if result.Archive == "" {
		_, err = fmt.Printf("\n办件 %s 停在第 %d 步\n", result.CaseNumber, result.Steps)
		return err
	}
	_, err = fmt.Printf("\n办件 %s 走完 %d 步：%s，案卷 %s\n", result.CaseNumber, result.Steps, cmp.Or(result.LicenceNo, result.Decision), result.Archive)
	return err
}
