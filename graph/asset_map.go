package graph

import (
	"context"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/blob"
	"zhengtong/internal/configuration"
)

// assetUpload is an asset with the permission to send its bytes.
type assetUpload struct {
	asset  *configuration.Asset
	permit blob.Upload
}

// requestAsset announces an asset; a repeat gets a fresh permission for the same file.
func (r *Resolver) requestAsset(ctx context.Context, in configuration.AssetInput) (*model.UploadPayload, error) {
	do := func(ctx context.Context) (assetUpload, error) {
		a, permit, err := r.Declarations.RequestAsset(ctx, in)
		return assetUpload{a, permit}, err
	}
	u, err := kept(ctx, r, "asset", func(u assetUpload) string { return u.asset.SHA256 },
		func(ctx context.Context, _ string) (assetUpload, error) { return do(ctx) }, do)
	if err != nil {
		return nil, err
	}
	headers, err := json.Marshal(u.permit.Headers)
	if err != nil {
		return nil, err
	}
	return &model.UploadPayload{File: r.assetFile(u.asset), URL: u.permit.URL, Method: u.permit.Method, Headers: headers, ExpiresAt: u.permit.Expires}, nil
}

// completeAsset checks the bytes of an asset.
func (r *Resolver) completeAsset(ctx context.Context, id relay.ID) (*model.FilePayload, error) {
	ctx, err := r.within(ctx, id.Tenant)
	if err != nil {
		return nil, err
	}
	a, err := kept(ctx, r, "asset", func(a *configuration.Asset) string { return a.SHA256 }, r.Declarations.Asset,
		func(ctx context.Context) (*configuration.Asset, error) {
			return r.Declarations.CompleteAsset(ctx, id.Key)
		})
	if err != nil {
		return nil, err
	}
	return &model.FilePayload{File: r.assetFile(a)}, nil
}

// assetFile shows an asset as the file that it is.
func (r *Resolver) assetFile(a *configuration.Asset) *model.File {
	return &model.File{
		ID: relay.Named(relay.Asset, a.Tenant, a.SHA256), Filename: a.SHA256, Size: int(a.Size), Mime: a.MIME, Sha256: a.SHA256, Status: fileStatus(a.Status),
		Link: func(ctx context.Context) (string, error) {
			if a.Status != configuration.AssetStored {
				return "", nil
			}
			return r.Declarations.AssetURL(ctx, a.SHA256, "")
		},
	}
}

// assetNode is for staff: to anybody else there is no configuration.
func (r *Resolver) assetNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, err := r.within(ctx, id.Tenant)
	if err != nil {
		return nil, err
	}
	a, err := r.Declarations.Asset(ctx, id.Key)
	if err != nil {
		return nil, err
	}
	return r.assetFile(a), nil
}

// assetLink is the public link to a file that a published resource of a tenant names
// (R-CAT-10), such as a blank or sample; nil where it names none. It saves under the
// file's own name.
func (r *Resolver) assetLink(tenant string, digests map[string]string, reference string) relay.Link {
	name, named := strings.CutPrefix(reference, "asset:")
	if !named {
		return nil
	}
	return func(ctx context.Context) (string, error) {
		ctx, err := r.publicly(ctx, tenant)
		if err != nil {
			return "", err
		}
		return r.Declarations.AssetURL(ctx, digests[name], path.Base(name))
	}
}

// resourceAssets are the files that a resource of a tenant names, for staff.
func (r *Resolver) resourceAssets(tenant string, digests map[string]string) []*model.ResourceAsset {
	return each(slices.Sorted(maps.Keys(digests)), func(name string) *model.ResourceAsset {
		return &model.ResourceAsset{Name: name, Sha256: digests[name], Link: r.assetLink(tenant, digests, "asset:"+name)}
	})
}

// linked makes a link when it is asked for; null where there is none.
func linked(ctx context.Context, link relay.Link) (*string, error) {
	if link == nil {
		return nil, nil
	}
	url, err := link(ctx)
	return opt(url), err
}
