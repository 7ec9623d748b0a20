package docs_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
	"zhengtong/tenants/demo"
)

const root = ".."

// pages are the hand-written and generated pages, as paths below the root.
func pages(t *testing.T) []string {
	t.Helper()
	list := []string{"README.md"}
	err := filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if path.Ext(name) == ".md" {
			list = append(list, path.Join("docs", filepath.ToSlash(name)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func read(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fence   = regexp.MustCompile("(?s)```.*?```")
	notWord = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the names of a page's headings as forges make them.
func anchors(text string) []string {
	var list []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		list = append(list, strings.ReplaceAll(notWord.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return list
}

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, page), ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			to := page
			if target != "" {
				to = path.Join(path.Dir(page), target)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s links to %s, which has no such heading", page, m[1])
			}
		}
	}
}

var (
	codePath  = regexp.MustCompile("`((?:admin|cmd|deploy|docs|graph|internal|policies|schema|tenants|workers)/[A-Za-z0-9_./-]+)`")
	codeIdent = regexp.MustCompile("`(?:[a-z]+\\.)?(?:Service\\.|Store\\.|Edge\\.|Authorizer\\.|Tree\\.|Gate\\.|Guard\\.|Batch\\.|Errors\\.)?([A-Z][A-Za-z]+|[a-z]+[A-Z][A-Za-z]+)(?:\\([^`]*\\))?`")
)

// What the pages about the code name must exist: files and folders by path, functions and types by name.
func TestArchitectureNamesWhatExists(t *testing.T) {
	names := identifiers(t)
	for _, page := range pages(t) {
		if page != "README.md" && page != "docs/architecture.md" && page != "docs/operations.md" && !strings.HasPrefix(page, "docs/adr/") {
			continue
		}
		text := fence.ReplaceAllString(read(t, page), "")
		for _, m := range codePath.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil && !strings.Contains(m[1], "...") {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
		for _, m := range codeIdent.FindAllStringSubmatch(text, -1) {
			if !names[m[1]] {
				t.Errorf("%s names %s, which no file in the project holds", page, m[1])
			}
		}
	}
}

var word = regexp.MustCompile(`[A-Za-z]+`)

// identifiers are the words of all sources but the pages themselves.
func identifiers(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != root && (strings.HasPrefix(base, ".") || base == "node_modules" || base == "docs" || base == "dist" || base == "ent") {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".sql", ".graphqls", ".yaml", ".rego"}, path.Ext(base)) {
			return nil
		}
		text, err := os.ReadFile(name)
		for _, found := range word.FindAllString(string(text), -1) {
			names[found] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

var rosterLogin = regexp.MustCompile(`\{login: ([a-z0-9-]+), .*?name: ([^,}]+)`)

// Whoever may sign in to the demonstration stands in the README, with the name of the roster.
func TestReadmeListsEveryAccount(t *testing.T) {
	page := read(t, "README.md")
	accounts := rosterLogin.FindAllStringSubmatch(string(demo.Accounts), -1)
	if len(accounts) < 20 {
		t.Fatalf("read only %d accounts", len(accounts))
	}
	for _, account := range accounts {
		if !strings.Contains(page, "`"+account[1]+"`") || !strings.Contains(page, account[2]) {
			t.Errorf("README.md lacks %s (%s)", account[1], account[2])
		}
	}
}

// The pack of the guide is a pack: on its county it has no error.
func TestGuidePackIsValid(t *testing.T) {
	national, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		t.Fatal(err)
	}
	base, err := configuration.BaseOf(national)
	if err != nil {
		t.Fatal(err)
	}
	hunan, err := kind.Files(tenants.FS(), "hunan")
	if err != nil {
		t.Fatal(err)
	}
	venue, err := kind.Files(os.DirFS("guides"), "venue")
	if err != nil {
		t.Fatal(err)
	}
	before, after := configuration.Validate(hunan, base), configuration.Validate(append(hunan, venue...), base)
	if !after.OK() {
		t.Errorf("the guide's pack has errors:\n%s", after.Problems.Errors())
	}
	if after.Matters <= before.Matters {
		t.Error("the guide's pack adds no matter")
	}
}
