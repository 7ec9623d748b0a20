package kind

import (
	"regexp"
	"slices"
	"strings"
)

// validate checks V-37 as far as the template itself shows: fields are known
// roots and what is required is a field. The layout is checked by internal/document/layout.
func (d *DocumentTemplate) validate(v *visit) {
	for i, path := range d.Fields {
		if !isDocumentRoot(path) {
			v.fail(at("fields", i), "V-37", suggest(path, DocumentRoots()), "文书没有内容 %q", path)
		}
	}
	for i, path := range d.Requires {
		if !slices.Contains(d.Fields, path) {
			v.fail(at("requires", i), "V-37", "加入 fields", "要求的 %q 不在 fields 中", path)
		}
	}
	if d.NumberRule != "" {
		checkPattern(v, "number_rule", d.NumberRule, nil, "")
	}
	if d.Seal != nil && d.Seal.Of != "" && d.Seal.SealType == "" {
		v.fail("seal", "V-37", "填写 seal_type", "按部门取印章须写明种类")
	}
}

// isDocumentRoot reports whether a document may show a value.
func isDocumentRoot(path string) bool {
	for _, open := range []string{"input.", "facts.", "form."} {
		if strings.HasPrefix(path, open) {
			return true
		}
	}
	return slices.Contains(DocumentRoots(), path)
}

// isNoticeRoot reports an object whose fields a message may name are all known.
func isNoticeRoot(root string) bool {
	return slices.ContainsFunc(NoticeRoots(), func(path string) bool { return strings.HasPrefix(path, root+".") && root != "task" })
}

// concerns reports whether one of the events is about an object, whose own fields the message may then name.
func (n *NotificationTemplate) concerns(object string) bool {
	return slices.ContainsFunc(n.Events, func(event string) bool { return strings.HasPrefix(event, object+".") })
}

var messagePlace = regexp.MustCompile(`\{([^{}]*)\}`)

// validate checks V-39: a mandatory message reaches the inbox, opted-in channels are channels, placeholders are paths.
func (n *NotificationTemplate) validate(v *visit) {
	if n.Mandatory && !slices.Contains(n.Channels, "inbox") {
		v.fail("channels", "V-39", "加入 inbox", "必须送达的通知须含站内信")
	}
	for i, channel := range n.OptIn {
		if !slices.Contains(n.Channels, channel) {
			v.fail(at("opt_in", i), "V-39", "", "%q 不在 channels 中", channel)
		}
	}
	for _, m := range messagePlace.FindAllStringSubmatch(n.Body, -1) {
		switch root, _, dotted := strings.Cut(m[1], "."); {
		case !dottedPath.MatchString(m[1]) || !dotted:
			v.fail("body", "V-37", "写成 {case.no}", "占位符 {%s} 有误", m[1])
		case !slices.Contains(NoticeRoots(), m[1]) && (isNoticeRoot(root) || !n.concerns(root)):
			v.fail("body", "V-37", suggest(m[1], NoticeRoots()), "通知没有内容 {%s}", m[1])
		}
	}
}
