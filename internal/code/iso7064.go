package code

import "strings"

// Pure112 returns the check character of digits under ISO 7064 MOD 11-2, a digit or
// X (GB 11643).
func Pure112(s string) (byte, error) {
	if err := within(s, digits, 0); err != nil {
		return 0, err
	}
	p := 0
	for i := range len(s) {
		p = (p + int(s[i]-'0')) * 2 % 11
	}
	return "0123456789X"[(12-p)%11], nil
}

// Hybrid1110 returns the check digit of digits under ISO 7064 MOD 11,10.
func Hybrid1110(s string) (byte, error) { return hybrid(s, digits) }

// Hybrid3736 returns the check character of digits and upper-case letters under ISO
// 7064 MOD 37,36 (GB/T 36904).
func Hybrid3736(s string) (byte, error) { return hybrid(s, alphanumeric) }

// hybrid is the ISO 7064 hybrid system with moduli n+1 and n for an alphabet of n characters.
func hybrid(s, alphabet string) (byte, error) {
	if err := within(s, alphabet, 0); err != nil {
		return 0, err
	}
	n := len(alphabet)
	p := n
	for i := range len(s) {
		if p = (p + strings.IndexByte(alphabet, s[i])) % n; p == 0 {
			p = n
		}
		p = p * 2 % (n + 1)
	}
	return alphabet[(n+1-p)%n], nil
}
