package guide

import (
	"strings"

	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// flow lists the steps that a case may pass, as the workflow declares them; what
// the engine does by itself and where it only branches is no step for a reader.
func (c *composer) flow() []Block {
	if c.matter.FlowSpec == nil {
		return nil
	}
	c.parts["Workflow/"+c.matter.Spec.Workflow] = true
	var steps []Step
	for _, n := range c.matter.FlowSpec.Nodes {
		step := Step{Title: n.Title, Phase: word("phase", n.Phase)}
		if n.Limit != nil {
			step.Limit = limit(&n.Limit.Limit)
		}
		switch workflow.NodeType(n.Type) {
		case workflow.Human:
			step.Who = c.performer(n.Assign)
		case workflow.Wait:
			step.Who = holder(n.Limit)
		case workflow.Payment:
			step.Who = "缴费人"
		case workflow.Special:
			c.specialStep(n.SpecialProcedure, &step)
		case workflow.External, workflow.Subcase:
			step.Who = "相关单位"
		default:
			continue
		}
		if step.Title != "" {
			steps = append(steps, step)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	return []Block{{Steps: steps}}
}

func (c *composer) specialStep(name string, step *Step) {
	s := c.matter.Specials[name]
	if s == nil { // whichever was asked for
		return
	}
	if step.Title == "" {
		step.Title = s.Title
	}
	step.Limit = "最长" + limit(&s.Max)
	if s.Executors.Role != "" {
		step.Who = c.role(s.Executors.Role)
	}
}

// performer is the department and role that work at a step.
func (c *composer) performer(a *kind.Assign) string {
	if a == nil {
		return ""
	}
	department := a.Department
	switch {
	case department == "$matter.implementing_department":
		department = c.department(c.matter.Binding.Department)
	case department == "$matter.entrusted_department":
		department = c.department(c.matter.Spec.EntrustedDepartment)
	case strings.HasPrefix(department, "$"): // known only in a case
		department = ""
	default:
		department = c.department(department)
	}
	return strings.TrimSpace(department + " " + c.role(a.Role))
}

// holder is whose time runs while a case waits.
func holder(l *kind.NodeLimit) string {
	if l == nil {
		return ""
	}
	return map[string]string{"applicant": "申请人", "payer": "缴费人", "third": "第三方"}[l.Holder]
}

func (c *composer) role(name string) string {
	if r := spec[kind.Role](c, "Role", name); r != nil {
		return r.Title
	}
	return name
}
