package configuration

import (
	"context"
	"path"

	"zhengtong/internal/interchange/bpmn"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Imported is what a foreign file became. Nothing is written: the files go to
// SubmitChange as they are, or after they have been completed by hand.
type Imported struct {
	Files    []kind.File  // resources of the acting tenant
	Rows     int          // read: of a table, records, or 1 for a workflow
	Accepted int          // of them, that became resources
	Problems problem.List // by row or line of the foreign file first, then of the resources
}

// ExportWorkflow draws a workflow of the acting tenant as BPMN 2.0: as the tenant wrote it, or, when it is inherited or
// patched, as it is in effect. Needs config.read.
func (s *Service) ExportWorkflow(ctx context.Context, name string) ([]byte, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	found, err := s.Effective(ctx, "Workflow", name)
	if err != nil {
		return nil, err
	}
	doc := found.Resource.Doc
	described, err := s.describe(ctx, "Workflow", name, 0)
	if err != nil {
		return nil, err
	}
	if own, ok := described.Own["spec"].(map[string]any); ok && described.Origin == "own" {
		doc = own
	}
	return bpmn.Write(name, doc)
}

// ImportWorkflow reads BPMN 2.0 as a workflow of the acting tenant. What has no
// counterpart is refused with element and line; what BPMN does not say is listed,
// and the draft is there to be completed. Needs config.read.
func (s *Service) ImportWorkflow(ctx context.Context, name string, text []byte) (Imported, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Imported{}, err
	}
	doc, problems := bpmn.Read(text)
	for i := range problems {
		problems[i].File = name + ".bpmn"
	}
	out := Imported{Rows: 1, Problems: problems}
	if doc == nil {
		return out, nil
	}
	r := &kind.Resource{APIVersion: kind.APIVersion, Kind: "Workflow", Metadata: kind.Metadata{Tenant: tenancy.Acting(ctx), Name: name}, Doc: doc}
	out.Accepted = 1
	out.Files = []kind.File{{Path: path.Join(folderOf(r.Kind), name+".yaml"), Content: r.YAML()}}
	report, err := s.Validate(ctx, out.Files)
	out.Problems = append(out.Problems, report.Problems...)
	return out, err
}
