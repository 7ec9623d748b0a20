package kind

import (
	"regexp"
	"slices"
	"strings"

	"zhengtong/internal/problem"
)

// What gives a secret away wherever it stands: a private key, a password inside an
// address, a credential among an address's parameters.
var (
	privateKey      = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY`)
	userInfo        = regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^/\s@:]*:[^/\s@]+@`)
	secretParameter = regexp.MustCompile(`(?i)[?&;](access_?token|token|api_?key|app_?secret|secret|password|passwd|pwd|signature|sign)=[^&\s]`)
)

// secretKeys are names of fields whose values are never written out.
var secretKeys = []string{"password", "passwd", "pwd", "secret", "secret_key", "app_secret", "client_secret", "api_key", "apikey", "private_key", "access_token", "token"}

// secrets refuses credentials in clear anywhere in a spec (V-50). A problem never repeats what it found.
func (v *visit) secrets(tree any, at Path, key string) {
	switch t := tree.(type) {
	case string:
		named := slices.Contains(secretKeys, strings.ToLower(key)) && !dottedPath.MatchString(t) && !secretName.MatchString(t) && !parameter.MatchString(t)
		if named || privateKey.MatchString(t) || userInfo.MatchString(t) || secretParameter.MatchString(t) {
			v.report(problem.SeverityError, at, false, "V-50", "不得写明密钥或口令", "只写引用，如 env:名称、vault:路径")
		}
	case []any:
		for i, e := range t {
			v.secrets(e, at.at(i), "")
		}
	case map[string]any:
		for _, name := range sortedKeys(t) {
			v.secrets(t[name], at.child(name), name)
		}
	}
}
