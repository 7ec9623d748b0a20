package configuration_test

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// entriesOf are all entries in force of an installation: tenant/kind/name → authored and effective digest.
func entriesOf(t *testing.T, d *db.DB, tree *tenancy.Tree) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, tenant := range tree.Subtree("national", "", 1000) {
		err := d.Each(tenancy.With(t.Context(), tenant.Scope("")), func(scan func(...any) error) error {
			var kindName, name, authored, effective string
			err := scan(&kindName, &name, &authored, &effective)
			out[tenant.Code+"/"+kindName+"/"+name] = authored + " " + effective
			return err
		}, "SELECT kind, name, digest, effective_digest FROM configuration_entry WHERE tenant_id = $1 AND to_revision IS NULL", tenant.Code)
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestExportAppliesBack exports every tenant of an installation with all shipped packs, publishes the files on an
// empty one and finds every entry under the same authored and effective digest (R-CFG-07).
func TestExportAppliesBack(t *testing.T) {
	first := dbtest.Open(t, db.SQLite)
	s, tree := published(t, first, "national", "hunan", "hubei", "guangxi")
	before := entriesOf(t, first, tree)
	s.UseAuthz(allow{})
	var files []kind.File
	for _, tenant := range tree.Subtree("national", "", 1000) {
		for _, f := range exported(t, s, tenancy.With(t.Context(), tenant.Scope("")), configuration.Exporting{First: 7}) {
			files = append(files, kind.File{Path: path.Join(tenant.Code, f.Path), Content: f.Content, Digest: f.Digest})
		}
	}
	assets := map[string][]byte{} // a file of a pack comes with its bytes
	for _, f := range packs(t, "national", "hunan", "hubei", "guangxi") {
		assets[f.Digest] = f.Content
	}
	for i, f := range files {
		if f.Digest != "" {
			files[i].Content = assets[f.Digest]
		}
	}
	second := dbtest.Open(t, db.SQLite)
	again, secondTree := published(t, second)
	if err := again.Bootstrap(t.Context(), files...); err != nil {
		t.Fatal(err)
	}
	after := entriesOf(t, second, secondTree)
	if len(before) < 200 || !maps.Equal(before, after) {
		for key, digests := range before {
			if after[key] != digests {
				t.Errorf("%s was %s, is %s", key, digests, after[key])
			}
		}
		t.Errorf("%d entries, then %d", len(before), len(after))
	}
}

// allow is a door that stands open.
type allow struct{}

func (allow) Require(context.Context, string, authz.Object) (authz.Decision, error) {
	return authz.Decision{Allow: true}, nil
}

// exported walks all pages.
func exported(t *testing.T, s *configuration.Service, ctx context.Context, in configuration.Exporting) []kind.File {
	t.Helper()
	var files []kind.File
	for {
		page, err := s.Export(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, page.Files...)
		if len(page.Files) == 0 || len(files) == page.Total {
			if len(files) != page.Total {
				t.Fatalf("%d files of %d", len(files), page.Total)
			}
			return files
		}
		in.After, in.Revision = files[len(files)-1].Path, page.Revision
	}
}

// A tenant exports what it declared itself, at any of its revisions, of the kinds asked for, and never a neighbour's.
func TestExportChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openOffice(t, d)
		author := o.as(t, "author", "431321", "config-author")
		o.through(t, "431321", configuration.Submission{Message: "试", Files: []kind.File{{Path: "c.yaml", Content: []byte("apiVersion: zhengtong/v1\nkind: CodeSet\nmetadata: {tenant: \"431321\", name: export-trial}\nspec: {title: 试, items: [{code: \"01\", title: 一}]}\n")}}})
		now := exported(t, o.Service, author, configuration.Exporting{First: 100})
		then := exported(t, o.Service, author, configuration.Exporting{First: 100, Revision: 1})
		if len(now) != len(then)+1 || !slices.ContainsFunc(now, func(f kind.File) bool { return f.Path == "code-sets/export-trial.yaml" }) {
			t.Errorf("%d files now, %d at revision 1", len(now), len(then))
		}
		for _, f := range now {
			if strings.Contains(string(f.Content), `metadata: {tenant: "430000"`) {
				t.Errorf("%s is the province's", f.Path)
			}
		}
		some := exported(t, o.Service, author, configuration.Exporting{First: 100, Kinds: []string{"Tenant", "CodeSet"}})
		if len(some) != 2 || some[0].Path != "code-sets/export-trial.yaml" || some[1].Path != "tenant.yaml" {
			t.Errorf("%v", some)
		}
		for _, bad := range []struct {
			in   configuration.Exporting
			code problem.Code
		}{{configuration.Exporting{Revision: 3, First: 1}, problem.NotFound}, {configuration.Exporting{Revision: -1, First: 1}, problem.NotFound},
			{configuration.Exporting{Kinds: []string{"Metter"}, First: 1}, problem.Validation}} {
			if _, err := o.Export(author, bad.in); problem.CodeOf(err) != bad.code {
				t.Errorf("%+v: %v", bad.in, err)
			}
		}
		if _, err := o.Export(o.as(t, "x", "431321", "window-clerk"), configuration.Exporting{First: 1}); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a clerk exports: %v", err)
		}
	})
}

// Two resources that mean different layouts by one name, and one whose layout is not there, keep their own (V-37).
func TestFilesKeepLayoutsApart(t *testing.T) {
	doc := func(name string) string {
		return fmt.Sprintf("apiVersion: zhengtong/v1\nkind: DocumentTemplate\nmetadata: {tenant: \"431321\", name: %s}\nspec: {title: 通知, class: notice, file: templates/n.yaml, fields: [case.no]}\n", name)
	}
	for _, absent := range []bool{false, true} {
		files := []kind.File{{Path: "a/d.yaml", Content: []byte(doc("d1") + "---\n" + doc("d2"))}, {Path: "a/templates/n.yaml", Content: []byte("blocks: [{title: 甲}]\n")},
			{Path: "b/d.yaml", Content: []byte(doc("d3"))}, {Path: "b/templates/n.yaml", Content: []byte("blocks: [{title: 乙}]\n")}}
		if absent {
			files = files[:3]
		}
		before, problems := configuration.Read(files)
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		after, problems := configuration.Read(configuration.Files(before))
		if problems.HasErrors() || len(after) != 3 {
			t.Fatal(problems)
		}
		for _, b := range before {
			if !slices.ContainsFunc(after, func(a *configuration.Layer) bool { return a.Resource.Key() == b.Resource.Key() && a.Digest == b.Digest }) {
				t.Errorf("absent %v: %s has another digest", absent, b.Resource.Key())
			}
		}
	}
}
