package code

import (
	"fmt"
	"strings"
)

// licenceRoot is the object identifier under which e-licences are numbered (GB/T 36904).
const licenceRoot = "1.2.156.3005.2"

// Licence is the identifier of an e-licence taken apart (电子证照标识, GB/T 36904-2018).
type Licence struct {
	Type    string // licence type code, 21: the definer's USCC and 3 digits
	Issuer  string // issuer code
	Serial  string
	Version int // 1 to 999
}

// CheckLicenceType checks a licence type code: the definer's USCC and 3 digits.
func CheckLicenceType(s string) error {
	if err := first(sized(s, "证照类型代码", 21), within(s, alphanumeric, 0)); err != nil {
		return err
	}
	return first(CheckUSCC(s[:18]), within(s[18:], digits, 18))
}

// Identifier writes the licence's identifier, computing its check character (ISO 7064
// MOD 37,36 over type, issuer, serial and version without dots).
func (l Licence) Identifier() (string, error) {
	if l.Version < 1 || l.Version > 999 {
		return "", whole("证照版本 %d 应为 1 至 999", l.Version)
	}
	version := fmt.Sprintf("%03d", l.Version)
	if err := first(named(CheckLicenceType(l.Type), "证照类型代码"), part(l.Issuer, "颁发机构代码"), part(l.Serial, "流水号")); err != nil {
		return "", err
	}
	check, err := Hybrid3736(l.Type + l.Issuer + l.Serial + version)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{licenceRoot, l.Type, l.Issuer, l.Serial, version, string(check)}, "."), nil
}

func part(s, name string) error {
	if s == "" {
		return whole("缺少%s", name)
	}
	return named(within(s, alphanumeric, 0), name)
}

// ParseLicence checks an e-licence's identifier and takes it apart.
func ParseLicence(s string) (Licence, error) {
	rest, ok := strings.CutPrefix(s, licenceRoot+".")
	parts := strings.Split(rest, ".")
	if !ok || len(parts) != 5 {
		return Licence{}, whole("证照标识应为 %s.类型.颁发机构.流水号.版本.校验位", licenceRoot)
	}
	if err := first(sized(parts[3], "证照版本", 3), named(within(parts[3], digits, 0), "证照版本"), sized(parts[4], "校验位", 1)); err != nil {
		return Licence{}, err
	}
	version := int(parts[3][0]-'0')*100 + int(parts[3][1]-'0')*10 + int(parts[3][2]-'0')
	l := Licence{Type: parts[0], Issuer: parts[1], Serial: parts[2], Version: version}
	want, err := l.Identifier()
	if err != nil {
		return Licence{}, err
	}
	if want != s {
		return Licence{}, at(len(s), "校验位应为“%s”，实为“%s”", want[len(want)-1:], parts[4])
	}
	return l, nil
}

// CheckLicence checks an e-licence's identifier as ParseLicence does.
func CheckLicence(s string) error {
	_, err := ParseLicence(s)
	return err
}

// CheckFoodLicence checks a food business licence number (食品经营许可证编号): JY and 14
// digits; 1 kind of business, 6 division, 6 sequence, 1 check by ISO 7064 MOD 11,10.
func CheckFoodLicence(s string) error {
	if err := sized(s, "食品经营许可证编号", 16); err != nil {
		return err
	}
	if !strings.HasPrefix(s, "JY") {
		return span(1, 2, "应为“JY”")
	}
	if err := first(within(s[2:], digits, 2), shift(CheckDivision(s[3:9]), 3)); err != nil {
		return err
	}
	want, err := Hybrid1110(s[2:15])
	if err != nil {
		return err
	}
	if s[15] != want {
		return at(16, "校验位应为“%c”，实为“%c”", want, s[15])
	}
	return nil
}

// CheckProject checks an investment project code (投资项目统一代码):
// `YYYY-DDDDDD-II-TT-NNNNNN`; year or year and month, division, industry, type, serial.
func CheckProject(s string) error {
	if err := first(sized(s, "投资项目代码", 24), within(s, digits+"-", 0)); err != nil {
		return err
	}
	for i := range len(s) {
		if dash := i == 4 || i == 11 || i == 14 || i == 17; dash != (s[i] == '-') {
			if dash {
				return at(i+1, "应为“-”")
			}
			return at(i+1, "应为数字")
		}
	}
	// 2019 is a year, 1904 is April 2019; 20 cannot be both, so a first 20 reads as a year.
	if month := s[2:4]; s[:2] != "20" && (month < "01" || month > "12") {
		return span(1, 4, "“%s”不是年份或年月", s[:4])
	}
	return shift(CheckDivision(s[5:11]), 5)
}
