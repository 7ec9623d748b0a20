package configuration

import (
	"cmp"
	"fmt"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Holding is how many persons hold a role; Only names the person when there is just one.
type Holding struct {
	Persons int
	Only    string
}

// holders tells where nobody could act (V-28, V-27, V-11): as a warning at publication, as an error when the tenant
// is to be activated. Only a base of published entries knows the staff.
func (c *check) holders() {
	count := c.set.holders[c.view.Tenant()]
	found, ok := c.view.Find("Workflow", c.spec.Workflow)
	if count == nil || !ok {
		return
	}
	need := func(f *Found, path, code, role string, persons int, act string) {
		if role != "" && count[role].Persons < persons {
			c.unmanned(f, path, code, "为角色绑定人员", "角色 %q 的在岗人员不足 %d 人，不能%s", role, persons, act)
		}
	}
	for i, n := range c.matter.FlowSpec.Nodes {
		if n.Assign != nil {
			need(found, fmt.Sprintf("$.spec.nodes[%d].assign.role", i), "V-28", n.Assign.Role, max(1, n.Assign.MinimumPersons), "办理“"+n.Title+"”")
		}
		need(found, fmt.Sprintf("$.spec.nodes[%d].record_by", i), "V-28", n.RecordBy, 1, "记录等待的事件")
	}
	for _, name := range sortedKeys(c.matter.Specials) {
		special := c.matter.Specials[name]
		f, _ := c.view.Find("SpecialProcedure", name)
		need(f, "$.spec.approver_role", "V-28", special.ApproverRole, 1, "批准特别程序")
		need(f, "$.spec.executors.role", "V-28", special.Executors.Role, max(1, special.Executors.MinimumPersons), "执行特别程序")
		for i, a := range special.ReportApproval {
			need(f, at("$.spec.report_approval", i)+".role", "V-28", a.Role, 1, "批准结果")
		}
	}
	if f, ok := c.view.Find("Department", c.matter.Binding.Department); ok {
		need(f, "$.spec.head.role", "V-28", f.Resource.Spec.(*kind.Department).Head.Role, 1, "担任部门负责人")
	}
	if f, ok := c.view.Find("FeeSchedule", c.spec.Fee); ok {
		fee := f.Resource.Spec.(*kind.FeeSchedule)
		if a := fee.Adjust; a != nil {
			need(f, "$.spec.adjust.approve_role", "V-28", a.ApproveRole, 1, "批准调整收费")
		}
		if r := fee.Refund; r != nil {
			need(f, "$.spec.refund.approve_role", "V-28", r.ApproveRole, 1, "批准退费")
		}
	}
	if e := c.spec.Extension; e != nil {
		need(c.found, c.extensionPath(), "V-11", e.ApproverRole, 1, "批准延期")
	}
	c.separations(found, count)
}

// unmanned reports what nobody could do. A published document has no file to name, so the resource and the matter are named.
func (c *check) unmanned(f *Found, path, code, hint, format string, args ...any) {
	list := f.remark(cmp.Or(c.set.unmanned, problem.SeverityWarning), path, code, hint, format, args...)
	if list[0].File == "" {
		list[0].File = keyOf(f.Resource).String()
		list[0].Message = "事项“" + c.found.Resource.Title() + "”：" + list[0].Message
	}
	c.problems = append(c.problems, list...)
}

// extensionPath is where a matter, or the bundle that the check stands in for, names who extends its limit.
func (c *check) extensionPath() string {
	if c.found.Resource.Kind == "Bundle" {
		return "$.spec.limits.extension.approver_role"
	}
	return "$.spec.extension.approver_role"
}

// separations tells of pairs of nodes that two different persons cannot be found for (V-27).
func (c *check) separations(found *Found, count map[string]Holding) {
	k := c.matter.FlowSpec.Constraints
	if k == nil {
		return
	}
	roles := map[string]string{}
	for _, n := range c.matter.FlowSpec.Nodes {
		if n.Assign != nil {
			roles[n.ID] = n.Assign.Role
		}
	}
	for i, pair := range k.SeparationOfDuty {
		a, b := roles[pair[0]], roles[pair[1]]
		alone := count[a].Persons == 1 && count[b].Persons == 1 && count[a].Only == count[b].Only
		if a != "" && b != "" && alone {
			c.unmanned(found, fmt.Sprintf("$.spec.constraints.separation_of_duty[%d]", i), "V-27", "再绑定一人",
				"职责分离的两个环节（%s）只有同一人可以办理", strings.Join(pair, "、"))
		}
	}
}
