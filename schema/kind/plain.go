package kind

import (
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

// Document is a YAML file that holds one document which is not a resource, such as a
// sample case. The zero Document has no file, and no place in it.
type Document struct {
	file string
	root *yaml.Node
}

// ReadDocument reads such a file into a declared struct, by the rules that hold for
// resources. Fields with problems are left zero, the others are filled in.
func ReadDocument(file File, into any) (Document, problem.List) {
	if problems := checkText(file); len(problems) > 0 {
		return Document{}, problems
	}
	node := yaml.Node{Kind: yaml.ScalarNode, Line: 1, Column: 1} // of an empty file
	if err := yaml.Unmarshal(file.Content, &node); err != nil {
		return Document{}, problem.List{yamlProblem(file.Path, err)}
	}
	nodes := 0
	reader := &treeReader{file: file.Path, nodes: &nodes}
	tree := reader.read(&node, nil, 0)
	read := reader.problems
	for _, p := range decode(&Resource{File: file.Path, Node: &node}, tree, into) {
		if !slices.ContainsFunc(read, func(r problem.Problem) bool { return r.Path == p.Path }) {
			read = append(read, p) // what could not be read is not missing
		}
	}
	return Document{file: file.Path, root: rootOf(&node)}, read
}

// Decode reads a tree of JSON values into a declared struct, as ReadDocument does.
func Decode(tree, into any) problem.List { return decode(&Resource{}, tree, into) }

func decode(from *Resource, tree, into any) problem.List {
	v, declared := newVisit(from), shapes{}.of(reflect.TypeOf(into))
	if tree == nil {
		v.wrong(nil, "映射", nil)
		return v.problems
	}
	v.conform(declared, nil, tree, nil)
	bind(declared, tree, valueOf(into))
	return v.problems
}

// Place gives a problem of a place in the document file, line and column: of the value
// there, or of the nearest part that exists.
func (d Document) Place(p problem.Problem) problem.Problem {
	if d.root == nil {
		return p
	}
	path, _ := ParsePath(p.Path) // the document itself for what is no path
	node, _, _ := walk(d.root, path)
	p.File, p.Line, p.Column = d.file, node.Line, node.Column
	return p
}
