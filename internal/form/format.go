package form

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zhengtong/internal/code"
	"zhengtong/internal/deadline"
)

// format is one value of the `format` keyword: how it is checked and how a wrong
// value is explained to people.
type format struct {
	valid   func(string) bool
	message string
}

// patternOf accepts texts that match an anchored pattern as a whole.
func patternOf(pattern string) func(string) bool {
	return regexp.MustCompile(`^(?:` + pattern + `)$`).MatchString
}

// textFormats are the formats of texts. The list is closed: an unknown format would
// be accepted silently by a validator.
var textFormats = map[string]format{
	"uscc":                    {code.ValidUSCC, "不是有效的统一社会信用代码（18 位，含校验位）"},
	"cn-id-card":              {code.ValidCitizenID, "不是有效的身份证件号码"},
	"cn-division":             {code.ValidDivision, "不是有效的行政区划代码（6、9 或 12 位数字）"},
	"mobile":                  {patternOf(`1[3-9][0-9]{9}`), "不是有效的手机号码（11 位）"},
	"investment-project-code": {func(s string) bool { return code.CheckProject(s) == nil }, "不是有效的投资项目代码（YYYY-DDDDDD-II-TT-NNNNNN）"},
	"date":                    {validDate, "不是有效的日期（YYYY-MM-DD）"},
	"date-time":               {validDateTime, "不是有效的日期时间（RFC 3339）"},
	"email":                   {patternOf(`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`), "不是有效的电子邮箱"},
	"uri":                     {patternOf(`https?://[^\s/?#@]+(?:[/?#]\S*)?`), "不是有效的网址（以 http:// 或 https:// 开头）"},
}

const polygonFormat = "geojson-polygon"

func validDate(s string) bool { _, err := deadline.ParseDate(s); return err == nil }

func validDateTime(s string) bool {
	_, err := time.Parse(time.RFC3339, strings.ToUpper(s))
	return err == nil
}

var errFormat = errors.New("format")

// registerFormats teaches the schema compiler our formats; it asserts them all.
func registerFormats(c *jsonschema.Compiler) {
	for name, f := range textFormats {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if s, ok := v.(string); ok && !f.valid(s) {
				return errFormat
			}
			return nil
		}})
	}
	c.RegisterFormat(&jsonschema.Format{Name: polygonFormat, Validate: validPolygon})
	c.AssertFormat()
}

func formatMessage(name string) string {
	if name == polygonFormat {
		return "不是有效的范围（GeoJSON Polygon，首尾相接，经纬度在界内）"
	}
	return textFormats[name].message
}
