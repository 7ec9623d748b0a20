package main

import (
	"context"
	"fmt"
	"time"

	"zhengtong/internal/settings"
)

type doctorCommand struct {
	settings.Settings
}

// Run checks the settings and then each dependency they name.
func (d doctorCommand) Run(ctx context.Context) error {
	problems := d.Validate()
	fmt.Print(problems)
	failed := problems.HasErrors()
	for _, check := range d.Checks() {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := check.Run(ctx)
		cancel()
		if err != nil {
			failed = true
			fmt.Printf("%-12s 有问题：%v\n", check.Name, err)
			continue
		}
		fmt.Printf("%-12s 正常\n", check.Name)
	}
	if failed {
		return errFound
	}
	return nil
}
