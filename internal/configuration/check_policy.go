package configuration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// policyTime bounds what the tests of one module may take together.
const policyTime = 2 * time.Second

// checkPolicy compiles a tenant's module, which may reach neither network nor clock,
// and runs its tests (V-17). A module that is kept as an asset is compiled where it is loaded.
func checkPolicy(spec *kind.Policy) problem.List {
	var problems problem.List
	if strings.HasPrefix(spec.Module, "asset:") {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), policyTime)
	defer cancel()
	module, err := authz.CompileModule(ctx, spec.Module, spec.Entrypoint)
	var flaws authz.ModuleErrors
	switch {
	case errors.As(err, &flaws):
		for _, flaw := range flaws {
			problems.Add("$.spec."+flaw.Field, "V-17", "%s", flaw.Message)
		}
		return problems
	case err != nil:
		problems.Add("$.spec.module", "V-17", "模块无法编译：%v", err)
		return problems
	}
	for i, test := range spec.Tests {
		path := fmt.Sprintf("$.spec.tests[%d]", i)
		got, err := module.Eval(ctx, kind.Canonical(test.Input))
		switch {
		case err != nil:
			problems.Add(path, "V-17", "用例无法求值：%v", err)
		case got != string(kind.Canonical(test.Expect)):
			problems.Add(path+".expect", "V-17", "应为 %s，得到 %s", kind.Canonical(test.Expect), got)
		}
	}
	return problems
}
