package authz

import (
	"os"
	"path/filepath"
)

func writeModules(dir string, modules map[string]string) error {
	for name, text := range modules {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
