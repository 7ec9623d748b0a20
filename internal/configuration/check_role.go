package configuration

import (
	"fmt"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// fieldPermission is the permission that a role named in a field must hold
// (docs/kinds.md, "By field"); "" where none is asked.
func fieldPermission(kindName, path string) string {
	leaf := path[strings.LastIndex(path, ".")+1:]
	if i := strings.IndexByte(leaf, '['); i >= 0 {
		leaf = leaf[:i]
	}
	switch leaf {
	case "approver_role":
		return map[string]string{"SpecialProcedure": "special.approve", "Matter": "extension.approve", "Bundle": "bundle.extension_approve",
			"ComplaintPolicy": "complaint.extension_approve"}[kindName]
	case "request_role":
		return "fee.adjust_request"
	case "approve_role":
		if strings.Contains(path, ".refund.") {
			return "refund.approve"
		}
		return "fee.adjust_approve"
	case "confirm_by":
		return "supervision.card.confirm"
	case "decided_by":
		return "supervision.card.decide_appeal"
	case "record_role":
		return "case.record_fact"
	case "record_by":
		return "case.record_event"
	case "merged_by":
		return "bundle.merge_corrections"
	case "by":
		if strings.HasSuffix(path, ".verify.by") {
			return "case.review"
		}
	case "role":
		switch {
		case strings.HasSuffix(path, ".executors.role"):
			return "special.execute"
		case strings.HasSuffix(path, ".lead.role"):
			return "bundle.coordinate"
		case strings.Contains(path, ".report_approval["):
			return "special.approve"
		}
	}
	return ""
}

// roleHolds reports whether a role of the tenant holds a permission, its own or one it inherits.
func roleHolds(v *view, role, permission string) bool {
	for depth := 0; role != "" && depth < maxDepth; depth++ {
		found, ok := v.Find("Role", role)
		if !ok {
			return false
		}
		spec := found.Resource.Spec.(*kind.Role)
		for _, held := range spec.Permissions {
			if held == permission {
				return true
			}
		}
		role = spec.Inherits
	}
	return false
}

// checkRoleFields checks the roles that a tenant's own resources name (V-05). A role
// that does not exist is reported by linking.
func (s *Set) checkRoleFields(v *view, within *extent) problem.List {
	var problems problem.List
	for _, kindName := range sortedKeys(s.byKind[v.Tenant()]) {
		for _, f := range within.own(s, v.Tenant(), kindName) {
			problems = append(problems, rolesOf(v, f)...)
		}
	}
	return problems
}

func rolesOf(v *view, f *Found) problem.List {
	var problems problem.List
	for _, ref := range f.references() {
		permission := fieldPermission(f.Resource.Kind, ref.Path)
		if ref.Kind != "Role" || permission == "" {
			continue
		}
		if _, exists := v.Find("Role", ref.Name); exists && !roleHolds(v, ref.Name, permission) {
			problems = append(problems, f.remark(problem.SeverityError, ref.Path, "V-05", "在角色中加入该权限，或换一个角色", "角色 %q 没有权限 %s", ref.Name, permission)...)
		}
	}
	return problems
}

// performers checks that whoever gets a task may take each of its actions, in the
// roles of the tenant that offers the matter; and the roles in its inherited parts (V-05).
func (c *check) performers() {
	for _, pin := range sortedKeys(c.matter.Pins) {
		kindName, name := splitKey(pin)
		if f, ok := c.view.Find(kindName, name); ok && f.Owner != c.view.Tenant() {
			c.problems = append(c.problems, rolesOf(c.view, f)...)
		}
	}
	found, ok := c.view.Find("Workflow", c.spec.Workflow)
	if !ok {
		return
	}
	classes := c.classes()
	for i, n := range c.matter.FlowSpec.Nodes {
		if n.Assign == nil {
			continue
		}
		if _, exists := c.view.Find("Role", n.Assign.Role); !exists {
			continue
		}
		for j, a := range n.Actions {
			permission := c.matter.Net.Permission(n.ID, a.ID, func(alias string) string { return classes[alias] })
			if permission != "" && !roleHolds(c.view, n.Assign.Role, permission) {
				c.fail(found, fmt.Sprintf("$.spec.nodes[%d].actions[%d]", i, j), "V-05", "在角色中加入该权限，或换一个角色",
					"角色 %q 没有操作 %q 所需的权限 %s", n.Assign.Role, a.ID, permission)
			}
			if a.Effect == string(workflow.VerbStartSpecial) {
				c.approver(found, fmt.Sprintf("$.spec.nodes[%d].actions[%d]", i, j), a.SpecialProcedure)
			}
		}
	}
}

// approver checks that a procedure which needs an approval can be had: its definition names who gives it.
func (c *check) approver(found *Found, path, name string) {
	special, ok := c.matter.Specials[name]
	if !ok {
		if name != "" && name != workflow.Requested {
			c.fail(found, path+".special_procedure", "V-19", "加入事项的 special_procedures", "事项没有特别程序 %q", name)
		}
		return
	}
	if special.Start != "on_request" {
		c.fail(found, path+".special_procedure", "V-19", "start: on_request", "特别程序 %q 自动开始，不能提出申请", name)
	}
}

// classes are the template classes by document alias.
func (c *check) classes() map[string]string {
	out := map[string]string{}
	for alias, name := range c.aliases() {
		if f, ok := c.view.Find("DocumentTemplate", name); ok {
			out[alias] = f.Resource.Spec.(*kind.DocumentTemplate).Class
		}
	}
	return out
}

// checkCircles refuses roles that inherit in a circle, matters that are each other's
// prerequisite or open each other as sub-cases, and services that succeed each other (V-51).
func checkCircles(v *view) problem.List {
	var problems problem.List
	next := map[string][]string{}
	for _, f := range v.All("Role") {
		if above := f.Resource.Spec.(*kind.Role).Inherits; above != "" {
			next[f.Resource.Metadata.Name] = []string{above}
		}
	}
	for _, f := range v.All("Role") {
		if f.Owner == v.Tenant() && returns(next, f.Resource.Metadata.Name) {
			problems = append(problems, f.remark(problem.SeverityError, "$.spec.inherits", "V-51", "", "角色的继承成环")...)
		}
	}
	first := map[string][]string{}
	for _, f := range v.All("Matter") {
		for _, p := range f.Resource.Spec.(*kind.Matter).Prerequisites {
			if p.Matter != "" {
				first[f.Resource.Metadata.Name] = append(first[f.Resource.Metadata.Name], p.Matter)
			}
		}
	}
	opens := subcases(v)
	for _, f := range v.All("Matter") {
		if f.Owner == v.Tenant() && returns(first, f.Resource.Metadata.Name) {
			problems = append(problems, f.remark(problem.SeverityError, "$.spec.prerequisites", "V-51", "", "前置事项成环")...)
		}
		if f.Owner == v.Tenant() && returns(opens, f.Resource.Metadata.Name) {
			problems = append(problems, f.remark(problem.SeverityError, "$.spec.workflow", "V-51", "", "子办件成环：事项的流程又回到它自己")...)
		}
	}
	succeeds := map[string][]string{}
	for _, f := range v.All("DataService") {
		if d := f.Resource.Spec.(*kind.DataService).Deprecation; d != nil && d.Successor != "" {
			succeeds[f.Resource.Metadata.Name] = []string{d.Successor}
		}
	}
	for _, f := range v.All("DataService") {
		if f.Owner == v.Tenant() && returns(succeeds, f.Resource.Metadata.Name) {
			problems = append(problems, f.remark(problem.SeverityError, "$.spec.deprecation.successor", "V-51", "", "后继的数据服务成环")...)
		}
	}
	return problems
}

// subcases lists by matter the matters that its flow opens on the same level.
func subcases(v *view) map[string][]string {
	opens := map[string][]string{}
	for _, f := range v.All("Matter") {
		flow, ok := v.Find("Workflow", f.Resource.Spec.(*kind.Matter).Workflow)
		if !ok {
			continue
		}
		for _, n := range flow.Resource.Spec.(*kind.Workflow).Nodes {
			if n.Matter != "" && n.TenantLevel == "" {
				opens[f.Resource.Metadata.Name] = append(opens[f.Resource.Metadata.Name], n.Matter)
			}
		}
	}
	return opens
}

// returns reports whether a way from a name leads back to it.
func returns(next map[string][]string, start string) bool {
	seen := map[string]bool{}
	queue := append([]string{}, next[start]...)
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at == start {
			return true
		}
		if !seen[at] {
			seen[at] = true
			queue = append(queue, next[at]...)
		}
	}
	return false
}
