package bpmn

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"zhengtong/internal/problem"
)

// Bounds of what is read.
const (
	MaxBytes    = 4 << 20
	MaxDepth    = 64
	MaxElements = 20_000
)

// element is one element of the file with its place.
type element struct {
	space, name  string
	attributes   map[string]string // without a namespace
	text         string            // all character data directly inside
	children     []*element
	line, column int
}

func (e *element) id() string { return e.attributes["id"] }

// child is the first child of a name in the model's namespace; nil when there is none.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.space == modelSpace && c.name == name {
			return c
		}
	}
	return nil
}

// extension is the first of our elements of a name; nil when there is none.
func (e *element) extension(name string) *element {
	for _, holder := range e.children {
		if holder.space != modelSpace || holder.name != "extensionElements" {
			continue
		}
		for _, c := range holder.children {
			if c.space == Namespace && c.name == name {
				return c
			}
		}
	}
	return nil
}

// parse reads the file as a tree of elements. A document type is refused, so that
// there are no entities to expand or fetch; size, depth and number of elements are bounded.
func parse(text []byte) (*element, problem.List) {
	var problems problem.List
	refuse := func(line, column int, format string, args ...any) (*element, problem.List) {
		problems = append(problems, problem.Problem{Line: line, Column: column, Path: "$", Code: CodeFile, Message: fmt.Sprintf(format, args...), Severity: problem.SeverityError})
		return nil, problems
	}
	if len(text) > MaxBytes {
		return refuse(1, 1, "文件长 %d 字节，超过 %d", len(text), MaxBytes)
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	var root *element
	var path []*element
	var count int
	for {
		line, column := decoder.InputPos()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return refuse(1, 1, "文件没有内容")
			}
			return root, nil
		}
		if err != nil {
			line, column = decoder.InputPos()
			said := strings.ToValidUTF8(strings.TrimPrefix(err.Error(), "XML syntax error on "), "?") // it may quote bytes that are no text
			return refuse(line, max(column, 1), "不是合法的 XML：%.200s", said)
		}
		switch t := token.(type) {
		case xml.Directive:
			return refuse(line, column, "不支持文档类型声明（DTD）")
		case xml.ProcInst:
			if t.Target != "xml" {
				return refuse(line, column, "不支持处理指令 %q", t.Target)
			}
		case xml.StartElement:
			e := &element{space: t.Name.Space, name: t.Name.Local, attributes: map[string]string{}, line: line, column: column}
			for _, a := range t.Attr {
				if a.Name.Space == "" {
					e.attributes[a.Name.Local] = a.Value
				}
			}
			if count++; count > MaxElements {
				return refuse(line, column, "元素超过 %d 个", MaxElements)
			}
			if len(path) >= MaxDepth {
				return refuse(line, column, "嵌套超过 %d 层", MaxDepth)
			}
			if len(path) == 0 {
				root = e
			} else {
				parent := path[len(path)-1]
				parent.children = append(parent.children, e)
			}
			path = append(path, e)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 0 {
				path[len(path)-1].text += string(t)
			}
		}
	}
}
