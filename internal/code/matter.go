package code

import (
	"strings"
	"unicode/utf8"
)

// itemTypes maps the two digits of an item type to its name in configuration. Names
// such as internal_affairs have no digits.
var itemTypes = [...]struct{ digits, name string }{
	{"01", "administrative_licence"}, {"02", "penalty"}, {"03", "compulsion"}, {"04", "levy"}, {"05", "benefit"},
	{"06", "inspection"}, {"07", "confirmation"}, {"08", "reward"}, {"09", "adjudication"}, {"10", "other_power"},
	{"20", "public_service"},
}

// ItemTypeName returns the configured name of an item type's two digits, "" when unknown.
func ItemTypeName(two string) string {
	for _, t := range itemTypes {
		if t.digits == two {
			return t.name
		}
	}
	return ""
}

// ItemTypeDigits returns the two digits of an item type's configured name, "" when it has none.
func ItemTypeDigits(name string) string {
	for _, t := range itemTypes {
		if t.name == name {
			return t.digits
		}
	}
	return ""
}

// Basic is a matter's basic code taken apart.
type Basic struct {
	Region string // 00 national, or the two digits of a province
	Type   string // item type, two digits
	Item   string // main item, five digits
	Sub    string // sub-item, three digits; 000 none
}

// SplitBasic checks a basic code (基本编码, GB/T 39554.1): 12 digits, 2 region, 2 item
// type, 5 main item, 3 sub-item.
func SplitBasic(s string) (Basic, error) {
	if err := first(sized(s, "基本编码", 12), within(s, digits, 0)); err != nil {
		return Basic{}, err
	}
	b := Basic{Region: s[:2], Type: s[2:4], Item: s[4:9], Sub: s[9:]}
	if b.Region != "00" && !province(b.Region) {
		return Basic{}, span(1, 2, "“%s”应为 00 或省级代码", b.Region)
	}
	if ItemTypeName(b.Type) == "" {
		return Basic{}, span(3, 4, "“%s”不是事项类型", b.Type)
	}
	return b, nil
}

// CheckBasic checks a basic code as SplitBasic does.
func CheckBasic(s string) error {
	_, err := SplitBasic(s)
	return err
}

// Implementation is an implementation code taken apart.
type Implementation struct {
	USCC  string // of the implementing body
	Level Level
	Basic string // 12 digits
}

// SplitImplementation checks an implementation code (实施编码): 31 characters, 18 of
// the implementing body's USCC, 1 level, 12 basic code.
func SplitImplementation(s string) (Implementation, error) {
	if err := first(sized(s, "实施编码", 31), within(s, alphanumeric, 0)); err != nil {
		return Implementation{}, err
	}
	if s[18] < '1' || s[18] > '6' {
		return Implementation{}, at(19, "层级“%c”应为 1 至 6", s[18])
	}
	err := first(shift(CheckUSCC(s[:18]), 0), shift(CheckBasic(s[19:]), 19))
	if err != nil {
		return Implementation{}, err
	}
	return Implementation{USCC: s[:18], Level: Level(s[18] - '0'), Basic: s[19:]}, nil
}

// CheckImplementation checks an implementation code as SplitImplementation does.
func CheckImplementation(s string) error {
	_, err := SplitImplementation(s)
	return err
}

// BuildImplementation joins a USCC, a level and a basic code, each checked.
func BuildImplementation(uscc string, level Level, basic string) (string, error) {
	if level < Nation || level > Village {
		return "", whole("层级 %d 应为 1 至 6", level)
	}
	if err := first(named(CheckUSCC(uscc), "统一社会信用代码"), named(CheckBasic(basic), "基本编码")); err != nil {
		return "", err
	}
	return uscc + digits[level:level+1] + basic, nil
}

// CheckHandlingItem checks a handling-item code (业务办理项编码): an implementation code
// and 2 digits, 33 characters.
func CheckHandlingItem(s string) error {
	if err := sized(s, "业务办理项编码", 33); err != nil {
		return err
	}
	return suffixed(s, 31, CheckImplementation)
}

// CheckMaterial checks a material code (材料编码): a handling-item code and 3 digits, 36
// characters; or, where a matter has no handling items, an implementation code and 3
// digits, 34 characters. Published guides use both.
func CheckMaterial(s string) error {
	switch len(s) {
	case 34:
		return suffixed(s, 31, CheckImplementation)
	case 36:
		return suffixed(s, 33, CheckHandlingItem)
	}
	return whole("材料编码应为 36 位（或 34 位），实为 %d 位", utf8.RuneCountInString(s))
}

// suffixed checks the first n characters and that the rest are digits.
func suffixed(s string, n int, head func(string) error) error {
	if strings.IndexFunc(s, func(r rune) bool { return r > 127 }) >= 0 {
		return within(s, alphanumeric, 0)
	}
	return first(head(s[:n]), within(s[n:], digits, n))
}
