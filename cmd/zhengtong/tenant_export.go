package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

type tenantExportCommand struct {
	remote
	Folder   string   `arg:"" help:"Folder to write; it must be empty or absent." placeholder:"DIR" type:"path"`
	Revision int      `help:"Revision of the tenant; the one in force when left out."`
	Kinds    []string `help:"Only these kinds." placeholder:"KIND,…"`
}

const exportQuery = `query($revision: Int, $kinds: [String!], $after: String) { exportConfiguration(revision: $revision, kinds: $kinds, first: 100, after: $after) {
	tenant revision edges { node { path content asset url } } pageInfo { hasNextPage endCursor } } }`

// Run writes page after page of one revision.
func (e tenantExportCommand) Run(ctx context.Context) error {
	root, err := emptyFolder(e.Folder)
	if err != nil {
		return err
	}
	defer root.Close()
	variables := map[string]any{}
	if e.Revision != 0 {
		variables["revision"] = e.Revision
	}
	if len(e.Kinds) > 0 {
		variables["kinds"] = e.Kinds
	}
	written := 0
	for {
		var out struct {
			ExportConfiguration struct {
				Tenant   string
				Revision int
				Edges    []struct {
					Node struct{ Path, Content, Asset, URL string }
				}
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		if err := e.call(ctx, e.Token, exportQuery, variables, &out); err != nil {
			return e.found(err)
		}
		page := out.ExportConfiguration
		if e.Tenant != "" && page.Tenant != e.Tenant {
			return fmt.Errorf("the token acts in %s, not in %s", page.Tenant, e.Tenant)
		}
		for _, edge := range page.Edges {
			content := []byte(edge.Node.Content)
			if edge.Node.Asset != "" {
				if content, err = e.download(ctx, edge.Node.URL); err != nil {
					return fmt.Errorf("%s: %w", edge.Node.Path, err)
				}
				if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != edge.Node.Asset {
					return fmt.Errorf("%s: the bytes are not those of %s", edge.Node.Path, edge.Node.Asset)
				}
			}
			if err := writeBelow(root, edge.Node.Path, content); err != nil {
				return err
			}
		}
		written += len(page.Edges)
		if !page.PageInfo.HasNextPage {
			return e.tell(written, page.Revision)
		}
		variables["after"], variables["revision"] = page.PageInfo.EndCursor, page.Revision
	}
}

func (e tenantExportCommand) tell(files, revision int) error {
	if e.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"folder": e.Folder, "files": files, "revision": revision})
	}
	_, err := fmt.Printf("已导出修订 %d 的 %d 个文件到 %s\n", revision, files, e.Folder)
	return err
}

// emptyFolder opens a folder to write into, making it when it is absent; one with content is refused.
func emptyFolder(name string) (*os.Root, error) {
	if err := os.MkdirAll(name, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s is not empty: nothing is written over", name)
	}
	return os.OpenRoot(name)
}

// writeBelow writes one file under a folder; whatever a server says, nothing is written outside it.
func writeBelow(root *os.Root, name string, content []byte) error {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return fmt.Errorf("the server names a file outside the folder: %q", name)
	}
	if err := root.MkdirAll(filepath.Dir(local), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return root.WriteFile(local, content, 0o644)
}
