package document

import (
	"strings"

	"zhengtong/internal/configuration"
	"zhengtong/internal/document/render"
)

// Stamp is the impression of a seal policy as it now stands: the owner's name
// along the rim, and what the seal is for (行政许可专用章) below the star, which
// is what the policy's title says beyond the owner's name. An unknown or empty
// name draws no seal.
func Stamp(live *configuration.Live, matter *configuration.Matter, name string) render.Seal {
	policy := live.Seals[name]
	if policy == nil {
		return render.Seal{}
	}
	owner := matter.Binding.DepartmentTitle
	if d := live.Departments[policy.Owner]; d != nil {
		owner = d.Title
	}
	return render.Seal{Name: owner, Line: strings.TrimPrefix(policy.Title, owner)}
}
