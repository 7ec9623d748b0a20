// Package migrations holds the versioned SQL of both databases, applied by internal/db through goose.
//
// It is written by hand: Ent's migrator would make `PRIMARY KEY (id)`, and ours is (tenant_id, id);
// roles, row-level security and partitions have no place in it either.
package migrations

import "embed"

// Postgres holds the files of PostgreSQL under the folder "postgres".
//
//go:embed postgres/*.sql
var Postgres embed.FS

// SQLite holds the files of SQLite under the folder "sqlite".
//
//go:embed sqlite/*.sql
var SQLite embed.FS
