package code

import "strings"

// usccAlphabet leaves out I, O, Z, S and V (GB 32100).
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckUSCC checks a unified social credit code (统一社会信用代码, GB 32100): 18
// characters; 1 registering authority, 1 category, 6 division, 9 organisation code,
// 1 check character.
func CheckUSCC(s string) error {
	if err := first(sized(s, "统一社会信用代码", 18), within(s, usccAlphabet, 0)); err != nil {
		return err
	}
	if err := within(s[2:8], digits, 2); err != nil {
		return err
	}
	if want := usccCheck(s[:17]); s[17] != want {
		return at(18, "校验码应为“%c”，实为“%c”", want, s[17])
	}
	return nil
}

// ValidUSCC reports whether CheckUSCC finds nothing.
func ValidUSCC(s string) bool { return CheckUSCC(s) == nil }

// CompleteUSCC appends the check character to the first 17 characters.
func CompleteUSCC(s string) (string, error) {
	if err := first(sized(s, "统一社会信用代码前段", 17), within(s, usccAlphabet, 0)); err != nil {
		return "", err
	}
	return s + string(usccCheck(s)), nil
}

func usccCheck(s string) byte {
	weights := [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	sum := 0
	for i, w := range weights {
		sum += strings.IndexByte(usccAlphabet, s[i]) * w
	}
	return usccAlphabet[(31-sum%31)%31]
}

// USCC is a unified social credit code taken apart.
type USCC struct {
	Authority    string // registering authority: 1 government bodies, 5 civil affairs, 9 market
	Category     string // within the authority
	Division     string // 6 digits
	Organisation string // organisation code, 9 characters
}

// SplitUSCC checks s and takes it apart.
func SplitUSCC(s string) (USCC, error) {
	if err := CheckUSCC(s); err != nil {
		return USCC{}, err
	}
	return USCC{Authority: s[:1], Category: s[1:2], Division: s[2:8], Organisation: s[8:17]}, nil
}

// Title returns the kind of body in Chinese, "其他组织" when the class is not known.
func (u USCC) Title() string {
	switch u.Authority + u.Category {
	case "11":
		return "机关"
	case "12":
		return "事业单位"
	case "51":
		return "社会团体"
	case "52":
		return "民办非企业单位"
	case "53":
		return "基金会"
	case "91":
		return "企业"
	case "92":
		return "个体工商户"
	}
	return "其他组织"
}

// CheckOrganisation checks an organisation code (组织机构代码, GB 11714): 8 digits or
// upper-case letters and a check character.
func CheckOrganisation(s string) error {
	if err := first(sized(s, "组织机构代码", 9), within(s, alphanumeric, 0)); err != nil {
		return err
	}
	if want := organisationCheck(s[:8]); s[8] != want {
		return at(9, "校验码应为“%c”，实为“%c”", want, s[8])
	}
	return nil
}

func organisationCheck(s string) byte {
	sum := 0
	for i, w := range [8]int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += strings.IndexByte(alphanumeric, s[i]) * w
	}
	return "0X987654321"[sum%11]
}
