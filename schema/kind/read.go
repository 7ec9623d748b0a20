package kind

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

// Bounds of what is read. They protect the server from packs made to exhaust it.
const (
	MaxFileBytes   = 8 << 20  // one file
	MaxDocuments   = 10_000   // all files of one call together
	MaxNodes       = 500_000  // YAML nodes of one file
	MaxDepth       = 64       // nesting of one document
	MaxString      = 64 << 10 // one text
	MaxModule      = 1 << 20  // Policy.module
	maxFileRemarks = 200      // problems kept of one file
)

// Folders inside a pack whose YAML files are no resources: layouts of templates, and sample cases (R-CFG-07).
const (
	layoutFolder = "templates"
	CaseFolder   = "cases"
)

// ReadFiles reads packs of YAML files, each with one or more documents, as one
// change. It returns every resource whose envelope could be read, in the order
// of the files, and all problems, positioned and sorted. Resources with problems
// are returned too; use problem.List.HasErrors to decide. Files under a folder
// called "templates" are layouts and are skipped (see LayoutPath).
func ReadFiles(files []File) ([]*Resource, problem.List) {
	var resources []*Resource
	var problems problem.List
	documents := 0
	for _, file := range files {
		if file.Digest != "" || !isResourceFile(file.Path) {
			continue
		}
		read, list := readFile(file, &documents)
		resources = append(resources, read...)
		problems = append(problems, list[:min(len(list), maxFileRemarks)]...)
	}
	problems = append(problems, duplicates(resources)...)
	return resources, problems.Sorted()
}

// ReadFS reads all packs under a folder of a file system as one change.
func ReadFS(fsys fs.FS, root string) ([]*Resource, problem.List, error) {
	files, err := Files(fsys, root)
	if err != nil {
		return nil, nil, err
	}
	resources, problems := ReadFiles(files)
	return resources, problems, nil
}

// Files loads every YAML file under a folder, layouts included, in the order of their
// paths, and after them the assets that they name.
func Files(fsys fs.FS, root string) ([]File, error) {
	var files []File
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isYAML(name) {
			return err
		}
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		files = append(files, File{Path: name, Content: content})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return WithAssets(files, func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
}

// WithAssets adds to the texts of packs the assets that their resources name and that
// read finds; it answers fs.ErrNotExist for a path that holds nothing.
func WithAssets(files []File, read func(name string) ([]byte, error)) ([]File, error) {
	resources, _ := ReadFiles(files)
	found := map[string][]byte{}
	var names []string
	for _, r := range resources {
		for _, asset := range Assets(r) {
			var failure error
			name, ok := LayoutPath(path.Clean(r.File), asset.Name, func(candidate string) bool {
				if found[candidate] != nil {
					return true
				}
				content, err := read(candidate)
				if errors.Is(err, fs.ErrNotExist) {
					return false
				}
				found[candidate], failure = content, err
				return true
			})
			if failure != nil {
				return nil, fmt.Errorf("read %s: %w", name, failure)
			}
			if ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		files = append(files, File{Path: name, Content: found[name], Digest: Digest(found[name])})
	}
	return files, nil
}

func isYAML(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

func isResourceFile(name string) bool {
	folders := strings.Split(path.Dir(name), "/")
	return !slices.Contains(folders, layoutFolder) && !slices.Contains(folders, CaseFolder)
}

// LayoutPath finds the file that a resource means by a relative path such as
// templates/receipt.yaml: beside the resource's own file, or in the nearest
// folder above that has it. The answer is a path of the pack; false when none exists.
func LayoutPath(resourceFile, name string, exists func(string) bool) (string, bool) {
	for dir := path.Dir(resourceFile); ; dir = path.Dir(dir) {
		if candidate := path.Join(dir, name); exists(candidate) {
			return candidate, true
		}
		if dir == "." || dir == "/" {
			return "", false
		}
	}
}

// readFile reads the documents of one file up to the first that is not YAML.
func readFile(file File, documents *int) ([]*Resource, problem.List) {
	if problems := checkText(file); len(problems) > 0 {
		return nil, problems
	}
	var resources []*Resource
	var problems problem.List
	decoder := yaml.NewDecoder(bytes.NewReader(file.Content))
	nodes := 0
	for index := 0; ; index++ {
		node := new(yaml.Node)
		err := decoder.Decode(node)
		if errors.Is(err, io.EOF) {
			return resources, problems
		}
		if err != nil {
			return resources, append(problems, yamlProblem(file.Path, err))
		}
		*documents++
		if *documents > MaxDocuments {
			tooMany := problem.Problem{File: file.Path, Line: node.Line, Column: node.Column, Path: "$",
				Code: "V-01", Message: fmt.Sprintf("资源超过 %d 个", MaxDocuments), Hint: "分次提交", Severity: problem.SeverityError}
			return resources, append(problem.List{tooMany}, problems...) // first: only so many remarks on a file are kept
		}
		resource, list := readDocument(file.Path, index, node, &nodes)
		problems = append(problems, list...)
		if resource != nil {
			resources = append(resources, resource)
		}
	}
}

// readDocument turns one YAML document into a resource; nil for an empty one or one without a known kind.
func readDocument(file string, index int, node *yaml.Node, nodes *int) (*Resource, problem.List) {
	r := &Resource{File: file, DocIndex: index, Node: node}
	reader := &treeReader{file: file, nodes: nodes}
	tree := reader.read(node, nil, 0)
	if tree == nil && len(reader.problems) == 0 {
		return nil, nil
	}
	envelope, ok := tree.(map[string]any)
	if !ok {
		if len(reader.problems) == 0 {
			reader.problem(node, nil, "V-01", "每个文档应是一个映射（apiVersion、kind、metadata、spec）", "")
		}
		return nil, reader.problems
	}
	v := newVisit(r)
	known := v.envelope(envelope)
	if known && len(reader.problems) == 0 {
		v.spec(envelope["spec"])
	}
	problems := append(reader.problems, v.problems...)
	if !known {
		return nil, problems
	}
	return r, problems
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// yamlParser matches the errors of the parser proper. Their lines count from 0,
// those of its scanner from 1 (go.yaml.in/yaml/v3, decode.go, fail).
var yamlParser = regexp.MustCompile(`did not find expected (<|node content|'-' indicator|key|',' or)|undefined tag handle|%YAML|%TAG|incompatible YAML`)

// yamlProblem turns a parser's error into a positioned problem: the line where
// what could not be read to its end begins.
func yamlProblem(file string, err error) problem.Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	p := problem.Problem{File: file, Line: 1, Column: 1, Path: "$", Code: "V-01", Severity: problem.SeverityError}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		text = strings.Replace(text, m[0], "", 1)
		if yamlParser.MatchString(text) {
			p.Line++
		}
	}
	p.Message = "不是合法的 YAML：" + text
	p.Hint = "检查缩进、冒号后的空格和引号；本文件其后的内容未检查"
	return p
}

// duplicates reports resources with the same tenant, kind and name whose effective ranges overlap (V-02).
func duplicates(resources []*Resource) problem.List {
	var problems problem.List
	seen := map[string][]*Resource{}
	for _, r := range resources {
		key := r.Key()
		for _, other := range seen[key] {
			if !overlap(r.Metadata.Effective, other.Metadata.Effective) {
				continue
			}
			p := problem.Problem{File: r.File, Path: "$.metadata.name", Code: "V-02", Severity: problem.SeverityError,
				Message: fmt.Sprintf("%s %q 重复", r.Kind, r.Metadata.Name)}
			line, _ := other.Position("$.metadata.name")
			p.Hint = fmt.Sprintf("已在 %s:%d 声明", other.File, line)
			p.Line, p.Column = r.Position(p.Path)
			problems = append(problems, p)
			break
		}
		seen[key] = append(seen[key], r)
	}
	return problems
}

// overlap reports whether two effective ranges share a day; nil is all days.
func overlap(a, b *Effectivity) bool {
	if a == nil || b == nil {
		return true
	}
	return !(a.To != "" && b.From != "" && a.To < b.From) && !(b.To != "" && a.From != "" && b.To < a.From)
}
