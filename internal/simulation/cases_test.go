package simulation_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

var update = flag.Bool("update", false, "write the want files of sample cases anew")

// here is the folder of this package: the embedded object store changes the working folder.
var here, _ = os.Getwd()

// shipped is every pack of the repository.
var shipped = sync.OnceValues(func() (*configuration.Set, error) {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		return nil, err
	}
	layers, problems := configuration.Read(files)
	return configuration.NewSet(layers...), problem.Invalid(problems)
})

// noRoles stands where a draft's roles are put.
type noRoles struct{}

func (noRoles) RoleSet(context.Context, string) (authz.RoleSet, error) { return authz.RoleSet{}, nil }

func door(t testing.TB) *authz.Authorizer {
	t.Helper()
	d, err := authz.New(t.Context(), noRoles{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func subject(t testing.TB, tenant, matter string) simulation.Subject {
	t.Helper()
	set, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulation.NewSubject(set.View(tenant), set.Lineage(tenant), matter)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// R-CFG-07: the shipped packs are tested with sample cases that lie beside them; the
// want file says how each goes to the last due date, document, fee line and card.
func TestSampleCases(t *testing.T) {
	d, n := door(t), 0
	err := fs.WalkDir(tenants.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Base(path.Dir(name)) != kind.CaseFolder || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		n++
		content, err := fs.ReadFile(tenants.FS(), name)
		if err != nil {
			return err
		}
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			c, problems := simulation.ReadCase(kind.File{Path: name, Content: content})
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			golden(t, d, name, c)
		})
		return nil
	})
	if err != nil || n < 3 {
		t.Fatalf("%d sample cases, %v", n, err)
	}
}

func golden(t *testing.T, d *authz.Authorizer, name string, c simulation.Case) {
	t.Helper()
	s := subject(t, c.Tenant, c.Matter)
	at, err := simulation.ParseTime(c.StartAt, s.Live.Location)
	if err != nil {
		t.Fatal(err)
	}
	got, err := simulation.Run(t.Context(), s, d, c.Script, at)
	if err != nil {
		t.Fatal(err)
	}
	text, err := simulation.Golden(got)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(here, "..", "..", "tenants", strings.TrimSuffix(name, ".yaml")+simulation.WantSuffix)
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is missing: run with -update", file)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s differs from its want file:\n%s", name, simulation.Difference(want, text))
	}
}
