package kind

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
)

// A text format: the check it belongs to, what it must look like and what to tell the author.
type textFormat struct {
	code    string
	check   func(string) bool
	message string
}

var (
	resourceName = regexp.MustCompile(`^[a-z0-9-]{1,63}$`)
	identifier   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	variable     = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,63}$`)
	dottedPath   = regexp.MustCompile(`^[a-zA-Z_][\w]*(\.[a-zA-Z_][\w]*)*$`)
	clockTime    = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$`)
	monthDay     = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	window       = regexp.MustCompile(`^(-?[1-9]\d{0,3}|0)(wd|d)$`)
	decimalText  = regexp.MustCompile(`^-?(0|[1-9]\d{0,17})(\.\d{1,9})?$`)
	digest       = regexp.MustCompile(`^[0-9a-f]{64}$`)
	digits6to12  = regexp.MustCompile(`^(\d{6}|\d{9}|\d{12})$`)
	digits12     = regexp.MustCompile(`^\d{12}$`)
	upperCode    = regexp.MustCompile(`^[0-9A-Z]+$`)
	secretName   = regexp.MustCompile(`^(env|file|vault|secret):[A-Za-z0-9_./-]+$`)
	cronField    = regexp.MustCompile(`^[0-9*,/-]+$`)
	webAddress   = regexp.MustCompile(`^https?://[^\s<>"]+$`)
	colour       = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	versionKey   = regexp.MustCompile(`^[A-Z][A-Za-z]+/[a-z0-9-]{1,63}$`)
)

// textFormats lists the values of the `format` tag.
func textFormats(name string) (textFormat, bool) {
	f, ok := map[string]textFormat{
		"name":    {"V-01", resourceName.MatchString, "名称应为 1 至 63 个小写字母、数字或连字符"},
		"id":      {"V-01", identifier.MatchString, "标识应为 1 至 64 个字母、数字、下划线或连字符"},
		"var":     {"V-01", variable.MatchString, "变量名应为小写字母、数字和下划线，以字母开头"},
		"path":    {"V-01", dottedPath.MatchString, "应为用点分隔的字段路径，如 applicant.name"},
		"title":   {"V-48", isTitle, "名称应为 1 至 200 个字符的一行文字，不含 HTML"},
		"text":    {"V-01", func(s string) bool { return !hasMarkup(s) }, "文字中不得含 HTML 标签"},
		"date":    {"V-01", isDate, "日期应为真实的 YYYY-MM-DD"},
		"time":    {"V-01", clockTime.MatchString, "时刻应为 HH:MM 或 HH:MM:SS"},
		"day":     {"V-01", monthDay.MatchString, "应为 MM-DD"},
		"window":  {"V-36", window.MatchString, "应为相对到期日的 -90wd（工作日）或 -30d（自然日）"},
		"decimal": {"V-01", decimalText.MatchString, "应为十进制数，如 \"1.5\""},
		"digest":  {"V-01", digest.MatchString, "应为 64 位小写十六进制摘要"},

		"division":       {"V-07", digits6to12.MatchString, "区划代码应为 6 位数字（县以下 9 或 12 位）"},
		"basic_code":     {"V-07", digits12.MatchString, "基本编码应为 12 位数字"},
		"implementation": {"V-07", codeOf(31), "实施编码应为 31 位：统一社会信用代码 18 位、层级 1 位、基本编码 12 位"},
		"handling_item":  {"V-07", codeOf(33), "业务办理项编码应为 33 位：实施编码加 2 位"},
		"uscc":           {"V-07", codeOf(18), "统一社会信用代码应为 18 位数字或大写字母"},
		"licence_type":   {"V-07", codeOf(21), "证照类型代码应为 21 位：定义机构统一社会信用代码 18 位加 3 位"},

		"asset":   {"V-01", isAsset, "应为 asset: 加包内相对路径，不得含 .. 或以 / 开头"},
		"file":    {"V-01", isRelative, "应为包内相对路径，不得含 .. 或以 / 开头"},
		"url":     {"V-01", webAddress.MatchString, "应为 http 或 https 地址"},
		"colour":  {"V-01", colour.MatchString, "颜色应为 #RRGGBB"},
		"secret":  {"V-50", secretName.MatchString, "密钥只能引用（env:、file:、vault:、secret: 加名称），不得写明文"},
		"cron":    {"V-01", isCron, "应为五段的 cron 表达式：分 时 日 月 周"},
		"regexp":  {"V-18", isRegexp, "应为 RE2 正则表达式"},
		"provide": {"V-55", versionKey.MatchString, "应为 种类/名称，如 Matter/meeting-room"},
	}[name]
	return f, ok
}

// isTitle accepts one line of 1 to 200 characters without markup.
func isTitle(s string) bool {
	n := len([]rune(s))
	return n >= 1 && n <= 200 && strings.TrimSpace(s) != "" && !strings.ContainsAny(s, "\n\t") && !hasMarkup(s)
}

// isDate accepts a civil date that exists.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func codeOf(length int) func(string) bool {
	return func(s string) bool { return len(s) == length && upperCode.MatchString(s) }
}

// isRelative accepts a clean path that stays inside its folder.
func isRelative(s string) bool {
	return s != "" && path.Clean(s) == s && s != "." && !path.IsAbs(s) && s != ".." &&
		!strings.HasPrefix(s, "../") && !strings.ContainsAny(s, `\:`)
}

func isAsset(s string) bool {
	rest, ok := strings.CutPrefix(s, "asset:")
	return ok && isRelative(rest)
}

func isRegexp(s string) bool {
	_, err := regexp.Compile(s)
	return err == nil
}

func isCron(s string) bool {
	fields := strings.Fields(s)
	if len(fields) != 5 {
		return false
	}
	for _, f := range fields {
		if !cronField.MatchString(f) {
			return false
		}
	}
	return true
}

// checkFormat returns the check and message a text breaks, or "".
func checkFormat(name, text string) (code, message string) {
	f, ok := textFormats(name)
	if !ok || f.check(text) {
		return "", ""
	}
	if len(text) > 80 || f.code == "V-50" {
		return f.code, f.message // never repeat a long text, nor a secret
	}
	return f.code, fmt.Sprintf("%q：%s", text, f.message)
}
