// Package tenants holds the configuration packs that come with the program: the
// national base, which is always resolved, and the provinces with their cities and
// counties. A folder is a tenant; the folders inside it are its parts and the
// tenants below it. Layout files are in folders called "templates".
package tenants

import (
	"embed"
	"io/fs"
)

//go:embed national hunan hubei guangxi
var packs embed.FS

// FS is the file system of all packs; its top folders are national and the provinces.
func FS() fs.FS { return packs }

// National is the name of the folder with the base that every pack stands on.
const National = "national"
