package configuration

import (
	"slices"

	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// sealing is one moment at which a seal is put on something.
type sealing struct {
	at        *Found // where a problem about the seal's owner stands
	path      string
	seal      string
	on        string   // template or licence type
	roles     []string // of those who act; any of them may hold the grant
	automatic bool     // the engine may sign instead
}

// seals checks each seal that the matter's documents and licences bear: it belongs to a
// body of the matter (V-38), may be used on them (V-37), and somebody who acts holds a
// grant with seal.use, or the engine does (V-53). What a seal lacks stands in its SealPolicy.
func (c *check) seals() {
	if c.matter.Binding.Department == "" {
		return // V-13 has said so: there is no body whose seals these could be
	}
	for _, s := range c.sealings() {
		policy, ok := c.view.Find("SealPolicy", s.seal)
		if !ok {
			continue // reported by linking
		}
		spec := policy.Resource.Spec.(*kind.SealPolicy)
		if !slices.Contains(c.sealOwners(), spec.Owner) {
			c.fail(s.at, s.path, "V-38", "用实施部门、受委托部门或牵头部门的印章", "印章 %q 属于 %q，不是本事项的实施机关", s.seal, spec.Owner)
		}
		switch {
		case !slices.Contains(spec.UsableOn, s.on):
			c.fail(policy, "$.spec.usable_on", "V-37", "加入 usable_on", "印章不可用于 %q", s.on)
		case !c.granted(spec, s):
			c.fail(policy, "$.spec.grants", "V-53", "加入 grants，并给角色 seal.use", "没有人可以在 %q 上用印：办理的角色是 %v", s.on, s.roles)
		}
	}
}

// sealOwners are the bodies whose seals a matter may bear; a service manager is an approval bureau (行政审批局).
func (c *check) sealOwners() []string {
	owners := append([]string{c.matter.Binding.Department, c.spec.EntrustedDepartment, c.spec.LeadDepartment}, c.spec.JointDepartments...)
	if bundle := bundleOf(c.view, c.matter); bundle != nil {
		owners = append(owners, bundle.Resource.Spec.(*kind.Bundle).Lead.Department)
	}
	for _, f := range c.view.All("Department") {
		if f.Resource.Spec.(*kind.Department).IsServiceManager {
			owners = append(owners, f.Resource.Metadata.Name)
		}
	}
	return owners
}

func (c *check) granted(spec *kind.SealPolicy, s sealing) bool {
	for _, role := range s.roles {
		if _, exists := c.view.Find("Role", role); !exists {
			return true // reported by linking
		}
	}
	for _, grant := range spec.Grants {
		if !slices.Contains(grant.For, s.on) {
			continue
		}
		if grant.Automatic && s.automatic {
			return true
		}
		for _, role := range s.roles {
			if slices.Contains(grant.Roles, role) && roleHolds(c.view, role, "seal.use") {
				return true
			}
		}
	}
	return false
}

// sealings lists every moment of the matter that needs a seal.
func (c *check) sealings() []sealing {
	var out []sealing
	document := func(alias string, roles []string, automatic bool) {
		d, ok := c.matter.Documents[alias]
		if !ok || d.Seal == "" {
			return
		}
		template, _ := c.view.Find("DocumentTemplate", d.Name)
		out = append(out, sealing{template, "$.spec.seal", d.Seal, d.Name, roles, automatic})
	}
	licence := func(name string, roles []string) {
		l, ok := c.matter.Licences[name]
		if !ok || l.Seal == "" {
			return
		}
		found, _ := c.view.Find("LicenceType", name)
		out = append(out, sealing{found, "$.spec.template.seal", l.Seal, name, roles, true})
	}
	for _, n := range c.matter.FlowSpec.Nodes {
		if n.Type == string(workflow.Auto) && n.Effect == string(workflow.VerbIssueLicence) {
			licence(n.LicenceType, nil)
		}
		for _, a := range n.Actions {
			roles := []string{}
			if n.Assign != nil {
				roles = append(roles, n.Assign.Role)
			}
			document(a.Document, roles, a.Effect != "") // the engine signs after an effect
			if a.LicenceType != "" {
				licence(a.LicenceType, roles)
			}
		}
	}
	for _, name := range sortedKeys(c.matter.Specials) {
		special := c.matter.Specials[name]
		document(special.NotifyApplicant, c.noticeRoles(special), true)
	}
	if e := c.spec.Extension; e != nil && e.NotifyApplicant {
		document("extension", []string{e.ApproverRole}, true)
	}
	return out
}

// noticeRoles are those who could sign the notice of a procedure: who approves it, or who asks for it.
func (c *check) noticeRoles(special *kind.SpecialProcedure) []string {
	if special.ApproverRole != "" {
		return []string{special.ApproverRole}
	}
	var roles []string
	for _, n := range c.matter.FlowSpec.Nodes {
		for _, a := range n.Actions {
			if a.Effect == string(workflow.VerbStartSpecial) && n.Assign != nil {
				roles = append(roles, n.Assign.Role)
			}
		}
	}
	return roles
}
