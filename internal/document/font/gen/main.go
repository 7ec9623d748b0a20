// Command gen makes rare-han.ttf: the Han characters that Noto Sans CJK SC
// (Debian package fonts-noto-cjk, OFL 1.1) draws and Noto Sans SC lacks.
// Run it through `go generate ./internal/document/font` after either font changes.
package main

import (
	"flag"
	"fmt"
	"os"

	"zhengtong/internal/document/font"
)

func main() {
	source := flag.String("source", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "font collection to take from")
	member := flag.String("member", "Noto Sans CJK SC", "full name of the member")
	have := flag.String("have", "NotoSansSC-Regular.ttf", "font whose characters are left out")
	out := flag.String("out", "rare-han.ttf", "file to write")
	flag.Parse()
	if err := run(*source, *member, *have, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(source, member, have, out string) error {
	from, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	except, err := os.ReadFile(have)
	if err != nil {
		return err
	}
	made, n, err := font.Supplement(from, member, except)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d characters, %d bytes\n", out, n, len(made))
	return os.WriteFile(out, made, 0o644)
}
