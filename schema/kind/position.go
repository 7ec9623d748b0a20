package kind

import "go.yaml.in/yaml/v3"

// Position returns the 1-based line and column of the value at a path. When the
// path leads to something missing it answers for the nearest part that exists,
// and for a missing field of the spec, for the resource. Without a YAML document
// it returns 0, 0.
func (r *Resource) Position(path string) (line, column int) {
	node, _ := r.find(path)
	if node == nil {
		return 0, 0
	}
	return node.Line, node.Column
}

// keyPosition is like Position but points at the field's name, for fields that should not be there.
func (r *Resource) keyPosition(path string) (line, column int) {
	node, key := r.find(path)
	if key != nil {
		node = key
	}
	if node == nil {
		return 0, 0
	}
	return node.Line, node.Column
}

// rootOf is the value that a document holds.
func rootOf(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		return node.Content[0]
	}
	return node
}

// find walks the document and returns the value node and, when the last step is a field, its key node.
func (r *Resource) find(path string) (value, key *yaml.Node) {
	if r.Node == nil {
		return nil, nil
	}
	root := rootOf(r.Node)
	segments, err := ParsePath(path)
	if err != nil {
		return root, nil
	}
	value, key, left := walk(root, segments)
	switch found := len(segments) - left; {
	case left > 0 && found <= 1:
		return root, nil // a missing field of the envelope or the spec: the resource should hold it
	case left > 0:
		return value, nil
	}
	return value, key
}

// walk follows segments as far as they lead. It returns the last node, its key node when the last step was a field, and
// how many segments are left.
func walk(node *yaml.Node, segments Path) (value, key *yaml.Node, left int) {
	for i, seg := range segments {
		next, k := stepNode(node, seg)
		if next == nil {
			return node, key, len(segments) - i
		}
		node, key = next, k
	}
	return node, key, 0
}

// stepNode follows one segment in YAML nodes. A keyed segment in a mapping finds the field of that name.
func stepNode(node *yaml.Node, seg Segment) (value, key *yaml.Node) {
	switch node.Kind {
	case yaml.MappingNode:
		name := seg.Name
		if name == "" {
			name = seg.Value
		}
		return mapValue(node, name)
	case yaml.SequenceNode:
		for i, e := range node.Content {
			if seg.Name == "" && matchNode(e, seg, i) {
				return e, nil
			}
		}
	}
	return nil, nil
}

// matchNode reports whether the element at a position is the one a segment selects.
func matchNode(e *yaml.Node, seg Segment, position int) bool {
	switch seg.Key {
	case "":
		return position == seg.Index
	case "=":
		return e.Kind == yaml.ScalarNode && e.Value == seg.Value
	}
	v, _ := mapValue(e, seg.Key)
	return v != nil && v.Kind == yaml.ScalarNode && v.Value == seg.Value
}

// mapValue returns the value and key nodes of a mapping's field.
func mapValue(node *yaml.Node, name string) (value, key *yaml.Node) {
	if node.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == name {
			return node.Content[i+1], node.Content[i]
		}
	}
	return nil, nil
}
