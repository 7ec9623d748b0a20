package kind

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"zhengtong/internal/code"
)

// textFormat is a form of text: the publish check it belongs to, and what is wrong with a text.
type textFormat struct {
	code  string
	check func(string) error
}

var (
	resourceName = regexp.MustCompile(`^[a-z0-9-]{1,63}$`)
	identifier   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	variable     = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,63}$`)
	variableName = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)
	dottedPath   = regexp.MustCompile(`^[a-zA-Z_][\w]*(\.[a-zA-Z_][\w]*)*$`)
	clockTime    = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$`)
	calendarDay  = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	assetPath    = regexp.MustCompile(`^asset:[^/]`)
	monthDay     = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	window       = regexp.MustCompile(`^(-?[1-9]\d{0,3}|0)(wd|d)$`)
	decimalText  = regexp.MustCompile(`^-?(0|[1-9]\d{0,17})(\.\d{1,9})?$`)
	digest       = regexp.MustCompile(`^[0-9a-f]{64}$`)
	secretName   = regexp.MustCompile(`^(env|file|vault|secret):[A-Za-z0-9_./-]+$`)
	cronField    = regexp.MustCompile(`^[0-9*,/-]+$`)
	webAddress   = regexp.MustCompile(`^https?://[^\s<>"]+$`)
	colour       = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	provided     = regexp.MustCompile(`^[A-Z][A-Za-z]+/[a-z0-9-]{1,63}$`)
)

// textFormats lists the values of the `format` tag.
func textFormats(name string) (textFormat, bool) {
	f, ok := formats()[name]
	return f, ok
}

// formats is the table of textFormats, made once: every text of every document passes here.
var formats = sync.OnceValue(func() map[string]textFormat {
	return map[string]textFormat{
		"name":    {"V-01", says(resourceName.MatchString, "名称应为 1 至 63 个小写字母、数字或连字符")},
		"id":      {"V-01", says(identifier.MatchString, "标识应为 1 至 64 个字母、数字、下划线或连字符")},
		"var":     {"V-01", says(variable.MatchString, "变量名应为小写字母、数字和下划线，以字母开头")},
		"path":    {"V-01", says(dottedPath.MatchString, "应为用点分隔的字段路径，如 applicant.name")},
		"title":   {"V-48", says(isTitle, "名称应为 1 至 200 个字符的一行文字，不含 HTML")},
		"text":    {"V-01", says(func(s string) bool { return !hasMarkup(s) }, "文字中不得含 HTML 标签")},
		"date":    {"V-01", says(isDate, "日期应为真实的 YYYY-MM-DD")},
		"time":    {"V-01", says(clockTime.MatchString, "时刻应为 HH:MM 或 HH:MM:SS")},
		"day":     {"V-01", says(monthDay.MatchString, "应为 MM-DD")},
		"window":  {"V-36", says(window.MatchString, "应为相对到期日的 -90wd（工作日）或 -30d（自然日）")},
		"decimal": {"V-01", says(decimalText.MatchString, "应为十进制数，如 \"1.5\"")},
		"digest":  {"V-01", says(digest.MatchString, "应为 64 位小写十六进制摘要")},

		"division":       {"V-07", code.CheckDivision},
		"basic_code":     {"V-07", code.CheckBasic},
		"implementation": {"V-07", code.CheckImplementation},
		"handling_item":  {"V-07", code.CheckHandlingItem},
		"uscc":           {"V-07", code.CheckUSCC},
		"licence_type":   {"V-07", code.CheckLicenceType},

		"asset":   {"V-01", says(isAsset, "应为 asset: 加包内相对路径，不得含 .. 或以 / 开头")},
		"module":  {"V-01", says(isModule, "asset: 路径不得含 .. 或以 / 开头")},
		"file":    {"V-01", says(isRelative, "应为包内相对路径，不得含 .. 或以 / 开头")},
		"url":     {"V-01", says(webAddress.MatchString, "应为 http 或 https 地址")},
		"colour":  {"V-01", says(colour.MatchString, "颜色应为 #RRGGBB")},
		"secret":  {"V-50", says(secretName.MatchString, "密钥只能引用（env:、file:、vault:、secret: 加名称），不得写明文")},
		"cron":    {"V-01", says(isCron, "应为五段的 cron 表达式：分 时 日 月 周")},
		"provide": {"V-55", says(provided.MatchString, "应为 种类/名称，如 Matter/meeting-room")},
	}
})

// formatPattern is what of a form a regular expression can say; "" for the others, whose check needs more.
func formatPattern(name string) string {
	pattern, ok := map[string]*regexp.Regexp{"name": resourceName, "id": identifier, "var": variable, "path": dottedPath, "time": clockTime, "day": monthDay,
		"window": window, "decimal": decimalText, "digest": digest, "url": webAddress, "date": calendarDay, "asset": assetPath, "colour": colour, "secret": secretName, "provide": provided}[name]
	if !ok {
		return ""
	}
	return pattern.String()
}

// says makes a check that answers with one message.
func says(good func(string) bool, message string) func(string) error {
	return func(s string) error {
		if good(s) {
			return nil
		}
		return errors.New(message)
	}
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

// isRelative accepts a clean path that stays inside its folder.
func isRelative(s string) bool {
	return s != "" && path.Clean(s) == s && s != "." && !path.IsAbs(s) && s != ".." &&
		!strings.HasPrefix(s, "../") && !strings.ContainsAny(s, `\:`)
}

func isAsset(s string) bool {
	rest, ok := strings.CutPrefix(s, assetPrefix)
	return ok && isRelative(rest)
}

// isModule accepts a text of its own, or the name of a file that holds it.
func isModule(s string) bool { return !strings.HasPrefix(s, assetPrefix) || isAsset(s) }

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

// checkFormat returns the publish check and message for a text that has not its form, or "".
func checkFormat(name, text string) (check, message string) {
	f, ok := textFormats(name)
	if !ok {
		return "", ""
	}
	err := f.check(text)
	switch {
	case err == nil:
		return "", ""
	case len(text) > 80 || f.code == "V-50":
		return f.code, err.Error() // never repeat a long text, nor a secret
	}
	return f.code, fmt.Sprintf("%q：%s", text, err)
}
