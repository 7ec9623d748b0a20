package kind

import (
	"slices"
)

// AuthPolicy says how people prove who they are.
type AuthPolicy struct {
	Title        string            `yaml:"title!" format:"title" doc:"名称"`
	Methods      []string          `yaml:"methods" merge:"set" enum:"password,sms_code,email_code,upstream,ca,totp,passkey,biometric" doc:"登录方式"`
	Registration string            `yaml:"registration" enum:"local,upstream_only,both" doc:"注册方式"`
	Upstream     *AuthUpstream     `yaml:"upstream" doc:"上级统一身份认证"`
	MinLevel     map[string]string `yaml:"min_level" enum:"L1,L2,L3,L4" doc:"操作所需的最低实名等级"`
	MFA          []string          `yaml:"mfa" merge:"set" ref:"Role" doc:"必须双因素登录的角色"`
	CA           *AuthCA           `yaml:"ca" doc:"数字证书"`
	Biometric    string            `yaml:"biometric" ref:"Connector" doc:"人脸等核验的对接"`
}

// AuthUpstream hands sign-in to the platform above.
type AuthUpstream struct {
	Connector    string            `yaml:"connector!" ref:"Connector" doc:"对接"`
	Levels       map[string]string `yaml:"levels" enum:"L1,L2,L3,L4" doc:"上级等级到本地等级的对应"`
	SingleLogout bool              `yaml:"single_logout" doc:"是否单点退出"`
}

// AuthCA lists accepted certificates.
type AuthCA struct {
	Issuers []string `yaml:"issuers" doc:"签发机构"`
	Algs    []string `yaml:"algs" enum:"sm2,rsa,ecdsa" doc:"算法"`
}

// Policy adds denials and obligations in Rego; it never grants. It sees no network and no clock, and its steps are bounded.
type Policy struct {
	Title       string       `yaml:"title!" format:"title" doc:"名称"`
	Module      string       `yaml:"module!" format:"module" doc:"Rego 文本，或 asset: 引用"`
	Entrypoint  string       `yaml:"entrypoint!" doc:"入口规则，如 data.tenant.policy.obligations"`
	AppliesTo   []string     `yaml:"applies_to!" merge:"set" doc:"适用的操作（权限名）"`
	Facts       []string     `yaml:"facts" merge:"set" enum:"principal,action,object,own_case,relative,subtree,purpose,identity_level,confidentiality,time" doc:"可用事实"`
	Obligations []string     `yaml:"obligations" merge:"set" enum:"deny,mask,record_look,require_reason,require_level" doc:"可能给出的义务"`
	Tests       []PolicyTest `yaml:"tests!" doc:"用例，发布时执行"`
}

// PolicyTest is one case of a Policy.
type PolicyTest struct {
	Input  any `yaml:"input!" doc:"输入"`
	Expect any `yaml:"expect!" doc:"期望结果"`
}

func (p *Policy) validate(v *visit) {
	if len(p.Tests) == 0 {
		v.fail("tests", "V-13", "至少一个用例", "策略没有用例")
	}
	for i, action := range p.AppliesTo {
		if !slices.Contains(Permissions(), action) {
			v.fail(at("applies_to", i), "V-05", suggest(action, Permissions()), "未知操作 %q", action)
		}
	}
}
