package code

import "zhengtong/internal/deadline"

// Holder is the kind of person an id number belongs to.
type Holder string

// The holders of 18-digit numbers.
const (
	Citizen           Holder = "citizen"            // 公民身份号码, GB 11643
	HMTResident       Holder = "hmt_resident"       // 港澳台居民居住证: division 810000, 820000 or 830000
	PermanentResident Holder = "permanent_resident" // 外国人永久居留身份证: begins with 9
)

// CitizenID is a citizen id taken apart.
type CitizenID struct {
	Number   string // 18 characters
	Holder   Holder
	Division string // 6 digits; for a permanent resident 9, province and nationality
	Birth    deadline.Date
	Male     bool // odd sequence number
}

// CheckCitizenID checks a citizen id as ParseCitizenID does.
func CheckCitizenID(s string, today deadline.Date) error {
	_, err := ParseCitizenID(s, today)
	return err
}

// ValidCitizenID reports whether ParseCitizenID finds nothing wrong, whatever the day.
func ValidCitizenID(s string) bool { return CheckCitizenID(s, deadline.Date{}) == nil }

// ParseCitizenID checks a citizen id (公民身份号码, GB 11643; ISO 7064 MOD 11-2) and
// takes it apart. The birth date must be real and not after today; a zero today
// leaves the future unchecked. A 15-digit number of the first generation is accepted
// and lengthened. Residence permits of Hong Kong, Macao and Taiwan residents and of
// foreigners pass by the same check.
func ParseCitizenID(s string, today deadline.Date) (CitizenID, error) {
	if len(s) == 15 {
		long, err := LengthenCitizenID(s)
		if err != nil {
			return CitizenID{}, err
		}
		s = long
	}
	if err := first(sized(s, "身份号码", 18), within(s, digits+"X", 0)); err != nil {
		return CitizenID{}, err
	}
	if err := within(s[:17], digits, 0); err != nil {
		return CitizenID{}, err
	}
	id := CitizenID{Number: s, Holder: holder(s), Division: s[:6], Male: s[16]%2 == 1}
	if id.Holder != PermanentResident {
		if err := CheckDivision(s[:6]); err != nil {
			return CitizenID{}, err
		}
	}
	birth, err := deadline.ParseDate(s[6:10] + "-" + s[10:12] + "-" + s[12:14])
	if err != nil {
		return CitizenID{}, span(7, 14, "的出生日期 %s 不存在", s[6:14])
	}
	if !today.IsZero() && birth.After(today) {
		return CitizenID{}, span(7, 14, "的出生日期 %s 晚于今天", birth)
	}
	want, err := Pure112(s[:17])
	if err != nil {
		return CitizenID{}, err
	}
	if s[17:] != string(want) {
		return CitizenID{}, at(18, "校验码应为“%c”，实为“%s”", want, s[17:])
	}
	id.Birth = birth
	return id, nil
}

func holder(s string) Holder {
	switch {
	case s[0] == '9':
		return PermanentResident
	case s[:6] == "810000" || s[:6] == "820000" || s[:6] == "830000":
		return HMTResident
	}
	return Citizen
}

// LengthenCitizenID turns a 15-digit number into 18 characters: the century 19 is
// inserted and the check character computed.
func LengthenCitizenID(s string) (string, error) {
	if err := first(sized(s, "第一代身份号码", 15), within(s, digits, 0)); err != nil {
		return "", err
	}
	long := s[:6] + "19" + s[6:]
	check, err := Pure112(long)
	if err != nil {
		return "", err
	}
	return long + string(check), nil
}
