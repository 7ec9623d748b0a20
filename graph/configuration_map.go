package graph

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Configuration declares: resources with where they come from, and changes from
// submission to publication (configuration.Service).
type Configuration interface {
	Describe(ctx context.Context, kindName, name string, revision int) (*configuration.Description, error)
	Provenance(ctx context.Context, kindName, name string) ([]configuration.Origin, error)
	Compare(ctx context.Context, kindName, name string, from, to int) ([]configuration.FieldChange, error)
	CompareProcess(ctx context.Context, matter string, from, to int) (configuration.ProcessChange, error)
	Resources(ctx context.Context, kindName string, afterKind, afterName string, first int) ([]*configuration.Found, error)
	Revisions(ctx context.Context, before, first int) ([]configuration.Revision, error)
	Changes(ctx context.Context, status configuration.ChangeStatus, before uuid.UUID, first int) ([]*configuration.Change, error)
	Change(ctx context.Context, id uuid.UUID) (*configuration.Change, error)
	Validate(ctx context.Context, files []kind.File) (configuration.Report, error)
	Plan(ctx context.Context, in configuration.Submission) (configuration.Plan, configuration.Report, error)
	ReviewRequests(ctx context.Context, state configuration.ReviewState, before uuid.UUID, first int) ([]*configuration.ReviewRequest, error)
	ReviewRequest(ctx context.Context, id uuid.UUID) (*configuration.ReviewRequest, error)
	Following(ctx context.Context, revision int) (configuration.Progress, error)
	SubmitChange(ctx context.Context, in configuration.Submission) (*configuration.Change, error)
	ApproveChange(ctx context.Context, id uuid.UUID, reason string) (*configuration.Change, error)
	RejectChange(ctx context.Context, id uuid.UUID, reason string) (*configuration.Change, error)
	CompareChange(ctx context.Context, id uuid.UUID) (configuration.Comparison, error)
	RebaseChange(ctx context.Context, id uuid.UUID) (*configuration.Change, error)
	PublishChange(ctx context.Context, id uuid.UUID) (*configuration.Change, error)
	Rollback(ctx context.Context, toRevision int, message string) (int, error)
	RequestAsset(ctx context.Context, in configuration.AssetInput) (*configuration.Asset, blob.Upload, error)
	CompleteAsset(ctx context.Context, sha256 string) (*configuration.Asset, error)
	Asset(ctx context.Context, sha256 string) (*configuration.Asset, error)
	ActivateTenant(ctx context.Context, reason string) (tenancy.Tenant, error)
	SuspendTenant(ctx context.Context, reason string) (tenancy.Tenant, error)
	ResumeTenant(ctx context.Context, reason string) (tenancy.Tenant, error)
	StaleGuides(ctx context.Context) ([]configuration.StaleGuide, error)
	AssetURL(ctx context.Context, sha256, filename string) (string, error)
}

// kinds lists the declarative kinds with their JSON Schema; they are the program's, not a tenant's.
func kinds() ([]*model.KindInfo, error) {
	all := kind.Kinds()
	out := make([]*model.KindInfo, len(all))
	for i, info := range all {
		schema := info.Schema()
		raw, err := json.Marshal(schema)
		if err != nil {
			return nil, err
		}
		description, _ := schema["description"].(string)
		out[i] = &model.KindInfo{Name: info.Name, Title: info.Title, Description: description, Schema: raw, Inherited: info.Inheritable}
	}
	return out, nil
}

func (r *Resolver) resourceModel(tenant string, f *configuration.Found, d *configuration.Description) *model.Resource {
	name, kindName := f.Resource.Metadata.Name, f.Resource.Kind
	return &model.Resource{
		ID: relay.Named(relay.Resource, tenant, kindName+"/"+name), Found: f, Description: d, Kind: kindName, Name: name, Title: f.Resource.Title(),
		Tenant: tenant, Digest: f.Digest, Assets: r.resourceAssets(tenant, f.Assets),
	}
}

// described explains a resource; lists read only what is in memory.
func (r *Resolver) described(ctx context.Context, m *model.Resource) (*configuration.Description, error) {
	if m.Description != nil {
		return m.Description, nil
	}
	return r.loadersOf(ctx).resources.get(m.Kind+"/"+m.Name, func() (*configuration.Description, error) {
		return r.Declarations.Describe(ctx, m.Kind, m.Name, 0)
	})
}

// origin says how the tenant comes to have a resource. What an ancestor declares
// is inherited, unless it is a matter, which may be adopted.
func (r *Resolver) origin(ctx context.Context, m *model.Resource) (model.ResourceOrigin, error) {
	if m.Found.Owner != m.Tenant && m.Kind != "Matter" {
		return model.ResourceOriginInherited, nil
	}
	d, err := r.described(ctx, m)
	if err != nil {
		return "", err
	}
	return model.ResourceOrigin(d.Origin), nil
}

// provenances shows where values come from, at a path and below it.
func provenances(list []configuration.Origin, path *string) []*model.Provenance {
	out := []*model.Provenance{}
	for _, o := range list {
		if path != nil && o.Path != *path && !strings.HasPrefix(o.Path, *path+".") && !strings.HasPrefix(o.Path, *path+"[") {
			continue
		}
		out = append(out, &model.Provenance{Path: o.Path, Tenant: o.Tenant, Digest: o.Digest, Lock: opt(o.Lock), Deleted: o.Deleted, Default: o.Tenant == ""})
	}
	return out
}

func (r *Resolver) history(ctx context.Context, tenant string, list []configuration.Version) ([]*model.ResourceVersion, error) {
	out := make([]*model.ResourceVersion, len(list))
	for i, v := range list {
		author, reviewer, err := r.authors(ctx, tenant, v.Revised.Author, v.Revised.Reviewer)
		if err != nil {
			return nil, err
		}
		out[i] = &model.ResourceVersion{Revision: v.Revision, Digest: v.Digest, Message: v.Revised.Message, Author: author, Reviewer: reviewer, PublishedAt: v.Revised.CreatedAt}
	}
	return out, nil
}

// publisher shows who wrote or reviewed a change, as the service names them.
func (r *Resolver) publisher(ctx context.Context, tenant, by string) (*model.Account, error) {
	id, isStaff := strings.CutPrefix(by, "staff:")
	switch {
	case by == "":
		return nil, nil
	case !isStaff:
		return &model.Account{ID: relay.Of(relay.Account, tenant, uuid.Nil), Type: model.AccountTypeSystem, Name: authz.System().Name}, nil
	}
	return r.somebody(ctx, tenant, uuid.FromStringOrNil(id))
}

// authors names author and reviewer of a revision.
func (r *Resolver) authors(ctx context.Context, tenant, author, reviewer string) (string, *string, error) {
	who, err := r.publisher(ctx, tenant, author)
	if err != nil || who == nil {
		return authz.System().Name, nil, err
	}
	second, err := r.publisher(ctx, tenant, reviewer)
	if err != nil || second == nil {
		return who.Name, nil, err
	}
	return who.Name, &second.Name, nil
}

func (r *Resolver) revisionModel(ctx context.Context, rev configuration.Revision) (*model.ConfigurationRevision, error) {
	author, reviewer, err := r.authors(ctx, rev.Tenant, rev.Author, rev.Reviewer)
	return &model.ConfigurationRevision{Tenant: rev.Tenant, Number: rev.Number, Message: rev.Message, Author: author, Reviewer: reviewer, PublishedAt: rev.CreatedAt,
		ReviewDeadline: rev.Terms.Deadline, OnOverdue: overdue(rev.Terms)}, err
}

// revisionOf finds one revision of the acting tenant.
func (r *Resolver) revisionOf(ctx context.Context, number int) (*model.ConfigurationRevision, error) {
	list, err := r.Declarations.Revisions(ctx, number+1, 1)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0].Number != number {
		return nil, problem.Missing()
	}
	return r.revisionModel(ctx, list[0])
}

// configurationFiles reads the files of a change: each a text, or an asset by its digest.
func configurationFiles(files []*model.FileInput) ([]kind.File, error) {
	var problems problem.List
	list := each(files, func(f *model.FileInput) kind.File {
		if (f.Content == nil) == (f.Asset == nil) {
			problems.Add("$.files[path="+f.Path+"]", "one_of", "content 与 asset 须填写且只填写一项")
			return kind.File{Path: f.Path}
		}
		if f.Asset != nil {
			return kind.File{Path: f.Path, Digest: *f.Asset}
		}
		return kind.File{Path: f.Path, Content: []byte(*f.Content)}
	})
	return list, problem.Invalid(problems)
}

func deletions(ctx context.Context, refs []*model.ResourceRef) []configuration.Key {
	return each(refs, func(ref *model.ResourceRef) configuration.Key {
		return configuration.Key{Tenant: or(ref.Tenant, tenancy.Acting(ctx)), Kind: ref.Kind, Name: ref.Name}
	})
}

func reportModel(report configuration.Report) *model.ValidationReport {
	return &model.ValidationReport{Ok: report.OK(), Problems: problemModels(report.Problems), Resources: report.Resources}
}
