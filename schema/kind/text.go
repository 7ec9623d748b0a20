package kind

import (
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"

	"zhengtong/internal/problem"
)

// checkText refuses a file that is too large, is not UTF-8, or holds characters
// that show a reviewer something other than what a program reads (bidirectional
// controls, invisible characters), comments included.
func checkText(file File) problem.List {
	var problems problem.List
	refuse := func(line, column int, message, hint string) {
		problems = append(problems, problem.Problem{File: file.Path, Line: line, Column: column, Path: "$", Code: "V-01",
			Message: message, Hint: hint, Severity: problem.SeverityError})
	}
	if len(file.Content) > MaxFileBytes {
		refuse(1, 1, fmt.Sprintf("文件长 %d 字节，超过 %d", len(file.Content), MaxFileBytes), "拆分文件")
		return problems
	}
	line, column := 1, 1
	for i := 0; i < len(file.Content) && len(problems) < maxFileRemarks; {
		r, size := utf8.DecodeRune(file.Content[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			refuse(line, column, "不是 UTF-8 文本", "用 UTF-8 保存")
			return problems
		case r == '\uFEFF' && i == 0:
			refuse(line, column, "文件以字节序标记（BOM）开头", "用不带 BOM 的 UTF-8 保存")
		case r != '\n' && r != '\r' && r != '\t' && isHidden(r):
			refuse(line, column, "含有"+hiddenName(r), "删除该字符")
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
		i += size
	}
	return problems
}

// badCharacter describes the first character a value must not hold, or "". Line breaks and tabs are allowed in multi-line texts.
func badCharacter(text string, multiline bool) string {
	for _, r := range text {
		if multiline && (r == '\n' || r == '\t') {
			continue
		}
		if r == utf8.RuneError || isHidden(r) {
			return hiddenName(r)
		}
	}
	return ""
}

// isHidden reports control, format (bidirectional, zero-width) and separator characters and noncharacters.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point)
}

func hiddenName(r rune) string {
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		return fmt.Sprintf("双向控制字符 U+%04X", r)
	case unicode.Is(unicode.Cf, r):
		return fmt.Sprintf("不可见字符 U+%04X", r)
	}
	return fmt.Sprintf("控制字符 U+%04X", r)
}

var htmlTag = regexp.MustCompile(`<[a-zA-Z/!?]`)

// hasMarkup reports whether a text could be taken for HTML.
func hasMarkup(text string) bool { return htmlTag.MatchString(text) }
