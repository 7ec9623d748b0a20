package kind

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

// treeReader turns YAML nodes into a tree by the rules of YAML 1.2 (core schema),
// and refuses what YAML readers understand differently: anchors, aliases, merge
// keys, tags, repeated keys, keys that are not text, numbers that are not JSON's.
type treeReader struct {
	file     string
	nodes    *int
	problems problem.List
}

func (t *treeReader) problem(n *yaml.Node, at Path, code, message, hint string) {
	if len(t.problems) >= maxFileRemarks {
		return
	}
	t.problems = append(t.problems, problem.Problem{File: t.file, Line: n.Line, Column: n.Column, Path: at.display(),
		Code: code, Message: message, Hint: hint, Severity: problem.SeverityError})
}

// read returns the value of a node; nil for null and for what was refused.
func (t *treeReader) read(n *yaml.Node, at Path, depth int) any {
	*t.nodes++
	if *t.nodes > MaxNodes {
		if *t.nodes == MaxNodes+1 {
			t.problem(n, at, "V-01", fmt.Sprintf("文件内容超过 %d 个节点", MaxNodes), "拆分文件")
		}
		return nil
	}
	if depth > MaxDepth {
		t.problem(n, at, "V-01", fmt.Sprintf("嵌套超过 %d 层", MaxDepth), "")
		return nil
	}
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		t.problem(n, at, "V-01", "不支持 YAML 锚点和别名", "把内容写全，或用 metadata.extends 继承")
		return nil
	}
	if n.Style&yaml.TaggedStyle != 0 {
		t.problem(n, at, "V-01", fmt.Sprintf("不支持 YAML 标签 %s", n.Tag), "去掉标签，文本请加引号")
		return nil
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil
		}
		return t.read(n.Content[0], at, depth)
	case yaml.MappingNode:
		return t.mapping(n, at, depth)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for i, e := range n.Content {
			list = append(list, t.read(e, at.at(i), depth+1))
		}
		return list
	default:
		return t.scalar(n, at)
	}
}

// mapping reads an object; a wrong key is refused together with its value.
func (t *treeReader) mapping(n *yaml.Node, at Path, depth int) any {
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !t.key(key, at) {
			continue
		}
		if _, twice := object[key.Value]; twice {
			t.problem(key, at.child(key.Value), "V-01", fmt.Sprintf("字段 %q 重复", key.Value), "")
			continue
		}
		object[key.Value] = t.read(value, at.child(key.Value), depth+1)
	}
	return object
}

var oldBoolean = regexp.MustCompile(`^(?i:yes|no|on|off)$`)

// key reports whether a mapping's key is plain text, and says why not.
func (t *treeReader) key(key *yaml.Node, at Path) bool {
	plain := key.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0
	switch {
	case key.Kind != yaml.ScalarNode || key.Anchor != "" || key.Style&yaml.TaggedStyle != 0:
		t.problem(key, at, "V-01", "字段名应为文本", "")
	case plain && key.Value == "<<":
		t.problem(key, at, "V-01", "不支持 YAML 合并键 <<", "用 metadata.extends 继承")
	case plain && oldBoolean.MatchString(key.Value):
		t.problem(key, at, "V-01", fmt.Sprintf("字段名 %s 在旧版 YAML 中是布尔值", key.Value), "加引号，或换用其他名称")
	case plain && !isText(key.Value):
		t.problem(key, at, "V-01", fmt.Sprintf("字段名 %q 不是文本", key.Value), "加引号")
	default:
		if bad := badCharacter(key.Value, false); bad != "" {
			t.problem(key, at, "V-01", "字段名含有"+bad, "删除该字符")
			return false
		}
		return true
	}
	return false
}

// isText reports whether a plain scalar is text by YAML 1.2.
func isText(value string) bool {
	_, special := plainScalar(value)
	return !special
}

var (
	jsonNumber  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
	looseNumber = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+|\.(?i:inf|nan))$`)
)

// plainScalar resolves an unquoted scalar; special is false for text.
func plainScalar(value string) (resolved any, special bool) {
	switch value {
	case "", "~", "null", "Null", "NULL":
		return nil, true
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	if looseNumber.MatchString(value) {
		return json.Number(value), true
	}
	return value, false
}

// scalar reads one value. A number keeps its text.
func (t *treeReader) scalar(n *yaml.Node, at Path) any {
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		resolved, _ := plainScalar(n.Value)
		if number, ok := resolved.(json.Number); ok && !jsonNumber.MatchString(string(number)) {
			t.problem(n, at, "V-01", fmt.Sprintf("数字 %s 的写法有歧义（前导零、下划线、进制）", n.Value), "编码和代码请加引号；数字写成十进制")
			return nil
		}
		if _, isString := resolved.(string); !isString {
			return resolved
		}
	}
	limit := MaxString
	if strings.HasSuffix(at.String(), "spec.module") {
		limit = MaxModule
	}
	if len(n.Value) > limit {
		t.problem(n, at, "V-01", fmt.Sprintf("文本长 %d 字节，超过 %d", len(n.Value), limit), "大文件用 asset: 引用")
		return nil
	}
	if bad := badCharacter(n.Value, true); bad != "" {
		t.problem(n, at, "V-01", "文本含有"+bad, "删除该字符")
		return nil
	}
	return n.Value
}
