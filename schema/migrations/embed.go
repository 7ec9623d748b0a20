// Package migrations holds the versioned SQL of both databases, applied by internal/db through goose.
//
// It is written by hand: Ent's migrator would make `PRIMARY KEY (id)`, and ours is (tenant_id, id);
// roles, row-level security and partitions have no place in it either.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// Postgres holds the files of PostgreSQL under the folder "postgres".
//
//go:embed postgres/*.sql
var Postgres embed.FS

// SQLite holds the files of SQLite under the folder "sqlite".
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Digest returns the SHA-256, in hex, of PostgreSQL's migrations: it names the template of the tests' databases.
func Digest() string {
	sum := sha256.New()
	err := fs.WalkDir(Postgres, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := Postgres.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n", path, len(body))
		sum.Write(body)
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("the embedded migrations cannot be read: %v", err)) // impossible: they are part of the program
	}
	return hex.EncodeToString(sum.Sum(nil))
}
