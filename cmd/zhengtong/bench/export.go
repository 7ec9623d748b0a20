package bench

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// measureExport writes every tenant of the shipped packs as `tenant export` does,
// reads the files back and compares every entry's authored and effective digest.
func measureExport(context.Context, *bench) ([]Row, error) {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		return nil, err
	}
	layers, problems := configuration.Read(files)
	if problems.HasErrors() {
		return nil, errors.New(problems.String())
	}
	before := configuration.NewSet(layers...)
	want := before.Digests()
	began := time.Now()
	var written []kind.File
	for _, tenant := range before.Tenants() {
		var own []*configuration.Layer
		for _, l := range layers {
			if l.Resource.Metadata.Tenant == tenant {
				own = append(own, l)
			}
		}
		for _, f := range configuration.Files(own) {
			written = append(written, kind.File{Path: path.Join(tenant, f.Path), Content: f.Content, Digest: f.Digest})
		}
	}
	exported := time.Since(began)
	again, problems := configuration.Read(written)
	if problems.HasErrors() {
		return nil, errors.New(problems.String())
	}
	got := configuration.NewSet(again...).Digests()
	applied := time.Since(began) - exported
	differ := len(got) - len(want)
	for key, digests := range want {
		if got[key] != digests {
			differ++
		}
	}
	note := fmt.Sprintf("%d entries of %d tenants in %d files, written in %d ms, read and resolved in %d ms", len(want), len(before.Tenants()), len(written),
		exported.Milliseconds(), applied.Milliseconds())
	row := Row{Name: "export", What: "entries of all shipped packs whose authored or effective digest differs after export and apply", Ours: float64(max(differ, 0)),
		Unit: "entries", Aim: atMost(0), Note: note}
	return []Row{row.judged()}, nil
}
