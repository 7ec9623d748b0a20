package code

import (
	"strings"
	"unicode/utf8"
)

// Level is a level of administration as implementation codes number it.
type Level int

// The levels, from the nation down.
const (
	Nation Level = iota + 1
	Province
	City
	County
	Township
	Village
)

var levelNames = [...]string{"", "nation", "province", "city", "county", "township", "village"}

// String returns the level's name in configuration, such as "county"; "" when out of range.
func (l Level) String() string {
	if l < Nation || l > Village {
		return ""
	}
	return levelNames[l]
}

// ParseLevel reads a name such as "county"; "platform", the level of the national
// tenant, is Nation.
func ParseLevel(s string) (Level, error) {
	if s == "platform" {
		return Nation, nil
	}
	for l := Nation; l <= Village; l++ {
		if levelNames[l] == s {
			return l, nil
		}
	}
	return 0, whole("层级 %q 不在 nation、province、city、county、township、village 之中", s)
}

// CheckDivision checks the structure of an administrative division code (GB/T 2260):
// 6 digits (2 province, 2 city, 2 county), 9 with a township, 12 with a village.
// "000000" is the nation. The numbering ranges inside a province are not enforced:
// development zones and direct-administered counties depart from them. Retired codes
// stay valid (see RetiredDivision).
func CheckDivision(s string) error {
	if n := utf8.RuneCountInString(s); n != 6 && n != 9 && n != 12 {
		return whole("区划代码应为 6、9 或 12 位，实为 %d 位", n)
	}
	if err := within(s, digits, 0); err != nil {
		return err
	}
	if s == "000000" {
		return nil
	}
	if !province(s[:2]) {
		return span(1, 2, "“%s”不是省级代码", s[:2])
	}
	if _, was := RetiredDivision(s); !was && s[2:4] == "00" && strings.Trim(s[4:], "0") != "" {
		return span(3, 4, "为“00”（省本级），其后应全为 0")
	}
	if len(s) == 12 && s[6:9] == "000" && s[9:] != "000" {
		return span(7, 9, "缺乡级代码")
	}
	return nil
}

// ValidDivision reports whether CheckDivision finds nothing.
func ValidDivision(s string) bool { return CheckDivision(s) == nil }

// province reports whether the two digits belong to a province-level division.
func province(s string) bool {
	switch s[0] {
	case '1':
		return s[1] >= '1' && s[1] <= '5'
	case '2':
		return s[1] >= '1' && s[1] <= '3'
	case '3':
		return s[1] >= '1' && s[1] <= '7'
	case '4':
		return s[1] >= '1' && s[1] <= '6'
	case '5':
		return s[1] >= '0' && s[1] <= '4'
	case '6':
		return s[1] >= '1' && s[1] <= '5'
	case '7':
		return s[1] == '1'
	case '8':
		return s[1] >= '1' && s[1] <= '3' // 83 is used in residence permits
	}
	return false
}

// DivisionLevel returns the level a division code stands for, judged by its trailing
// zeros, and an error when it is malformed.
func DivisionLevel(s string) (Level, error) {
	if err := CheckDivision(s); err != nil {
		return 0, err
	}
	switch {
	case len(s) == 12 && s[9:] != "000":
		return Village, nil
	case len(s) >= 9 && s[6:9] != "000":
		return Township, nil
	case s[4:6] != "00":
		return County, nil
	case s[2:4] != "00":
		return City, nil
	case s[:2] != "00":
		return Province, nil
	}
	return Nation, nil
}

// ParentOf returns the code of the division one level up by structure: a village's
// 9-digit township, a township's county (its city where the county digits are 00), a
// county's city, a city's province, a province's "000000". It is "" for the nation.
// Municipalities and counties under a province directly have structural parents
// (110100, 429000) that are no governments; reference data tells.
func ParentOf(s string) (string, error) {
	level, err := DivisionLevel(s)
	if err != nil {
		return "", err
	}
	switch level {
	case Village:
		return s[:9], nil
	case Township:
		return s[:6], nil
	case County:
		return s[:4] + "00", nil
	case City:
		return s[:2] + "0000", nil
	case Province:
		return "000000", nil
	}
	return "", nil
}

// Within reports whether division inner lies in outer or is outer itself, by structure.
// Both must be well formed.
func Within(inner, outer string) bool {
	level, err := DivisionLevel(outer)
	if err != nil || !ValidDivision(inner) {
		return false
	}
	significant := [...]int{0, 0, 2, 4, 6, 9, 12}[level]
	return len(inner) >= significant && strings.HasPrefix(inner, outer[:significant])
}
