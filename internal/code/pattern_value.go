package code

import (
	"strconv"
	"strings"
)

// dateLayouts maps the date tokens to layouts of the time package.
var dateLayouts = map[string]string{
	"yyyy": "2006", "yy": "06", "yyyymm": "200601", "yymmdd": "060102", "yyyymmdd": "20060102",
}

// value returns what a token stands for, "" when the values do not say.
func (t token) value(v Values) (string, error) {
	if t.custom {
		return v.Custom[t.name], nil
	}
	if layout, ok := dateLayouts[t.name]; ok {
		if v.Date.IsZero() {
			return "", nil
		}
		return v.Date.Format(layout), nil
	}
	switch t.name {
	case "division", "prov", "city", "county":
		return divisionPart(t.name, v.Division)
	case "dept":
		return v.Department, nil
	case "org":
		return organisationOf(v.Organisation)
	case "matter_seq":
		return t.sequence(v.MatterSeq)
	case "seq":
		return t.sequence(v.Seq)
	}
	return "", nil
}

func divisionPart(name, division string) (string, error) {
	if division == "" {
		return "", nil
	}
	if err := CheckDivision(division); err != nil {
		return "", named(err, "区划代码")
	}
	switch name {
	case "prov":
		return division[:2], nil
	case "city":
		return division[2:4], nil
	case "county":
		return division[4:6], nil
	}
	return division[:6], nil
}

func organisationOf(s string) (string, error) {
	if len(s) != 18 {
		return s, nil
	}
	u, err := SplitUSCC(s)
	return u.Organisation, named(err, "统一社会信用代码")
}

// sequence pads n with zeros to the token's width; 0, negative and too long are refused.
func (t token) sequence(n int64) (string, error) {
	s := strconv.FormatInt(n, 10)
	if n < 1 || len(s) > t.width {
		return "", whole("编号要素 {%s} 的取值 %d 应为 1 至 %d 位的正整数", t.name, n, t.width)
	}
	return strings.Repeat("0", t.width-len(s)) + s, nil
}
