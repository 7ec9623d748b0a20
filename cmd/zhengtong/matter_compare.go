package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// compareCommand compares the process of a matter between two published revisions (R-MGT-13).
type compareCommand struct {
	remote
	Name string `arg:"" help:"Name of the matter in the tenant of the token."`
	From int    `help:"Revision to compare from." required:"" placeholder:"N"`
	To   int    `help:"Revision to compare with; the present one when left out." placeholder:"N"`
}

// Run prints both sides.
func (c compareCommand) Run(ctx context.Context) error {
	with := map[string]any{"matter": c.Name, "from": c.From}
	if c.To > 0 {
		with["to"] = c.To
	}
	var out struct{ CompareProcess processChange }
	err := c.call(ctx, c.Token, `query($matter: String!, $from: Int!, $to: Int) { compareProcess(matter: $matter, from: $from, to: $to) { ...change } }
`+processFragments, with, &out)
	if err != nil {
		return c.found(err)
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(out.CompareProcess)
	}
	fmt.Println(out.CompareProcess)
	return nil
}
