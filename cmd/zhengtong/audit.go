package main

import (
	"fmt"
	"os"

	"zhengtong/internal/archive/pack"
)

type auditCommands struct {
	Verify auditVerifyCommand `cmd:"" help:"Verify archive packages offline: every file's digest and the case's event chain."`
}

type auditVerifyCommand struct {
	Packages []string `arg:"" help:"Archive packages (ZIP)." type:"existingfile"`
}

// Run re-hashes each package and its event chain; it needs nothing but the files.
func (a auditVerifyCommand) Run() error {
	broken := false
	for _, name := range a.Packages {
		intact, err := verifyPackage(name)
		if err != nil {
			return err
		}
		broken = broken || !intact
	}
	if broken {
		return errFound
	}
	return nil
}

func verifyPackage(name string) (bool, error) {
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, err
	}
	report, err := pack.Verify(file, info.Size())
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	for _, p := range report.Problems {
		fmt.Printf("%s: %s\n", name, p)
	}
	if report.Intact() {
		fmt.Printf("%s: 完好，%d 个文件，%d 条事件，根摘要 %s\n", name, report.Items, report.Events, report.Manifest.Root)
	}
	return report.Intact(), nil
}
