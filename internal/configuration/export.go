package configuration

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Exporting says what of the acting tenant's own configuration is exported, and which page of it.
type Exporting struct {
	Revision int      // 0 = the one in force
	Kinds    []string // empty = all
	After    string   // path of the last file of the page before
	First    int
}

// Export is a page of files, by path.
type Export struct {
	Tenant   string
	Revision int // whose entries these are
	Files    []kind.File
	Total    int // of all pages
}

// Export writes the acting tenant's own configuration as files that apply back to
// the identical digests (R-CFG-07). It is NotFound at a revision that the tenant
// does not have, Validation for an unknown kind. Needs config.read.
func (s *Service) Export(ctx context.Context, in Exporting) (Export, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Export{}, err
	}
	if err := problem.Invalid(unknownKinds(in.Kinds)); err != nil {
		return Export{}, err
	}
	tenant := tenancy.Acting(ctx)
	heads, err := s.store.heads(ctx, []string{tenant})
	if err != nil {
		return Export{}, err
	}
	out := Export{Tenant: tenant, Revision: in.Revision}
	if in.Revision == 0 {
		out.Revision = heads[tenant]
	}
	if out.Revision < 0 || out.Revision > heads[tenant] {
		return Export{}, problem.Missing()
	}
	layers, err := s.layersAt(ctx, tenant, out.Revision)
	if err != nil {
		return Export{}, err
	}
	if len(in.Kinds) > 0 {
		layers = slices.DeleteFunc(layers, func(l *Layer) bool { return !slices.Contains(in.Kinds, l.Resource.Kind) })
	}
	files := Files(layers)
	out.Total = len(files)
	from, _ := slices.BinarySearchFunc(files, in.After+"\x00", func(f kind.File, after string) int { return strings.Compare(f.Path, after) })
	out.Files = files[from:min(from+in.First, len(files))]
	return out, nil
}

func unknownKinds(kinds []string) problem.List {
	var problems problem.List
	for _, name := range kinds {
		if _, ok := kind.KindInfo(name); !ok {
			problems.Add("$.kinds", "V-01", "未知种类 %q", name)
		}
	}
	return problems
}

// Files lays authored layers out as a pack that reads back as the same layers: a
// file a resource in a folder a kind, a pack's resources under the pack's name,
// layout files and assets beside them, the latter by digest. What an Adoption installed is left out, for it is made
// anew. The files are sorted by path; equal layers give equal files.
func Files(layers []*Layer) []kind.File {
	layers = slices.DeleteFunc(slices.Clone(layers), (*Layer).installed)
	common, apart := commonParts(layers)
	var files []kind.File
	for _, part := range common {
		files = append(files, part)
	}
	for _, l := range layers {
		at := fileOf(l)
		if apart[l] {
			at = path.Join(path.Dir(at), l.Resource.Metadata.Name, path.Base(at))
			for name, part := range l.parts() {
				part.Path = path.Join(path.Dir(at), name)
				files = append(files, part)
			}
		}
		files = append(files, kind.File{Path: at, Content: l.Resource.YAML()})
	}
	slices.SortFunc(files, func(a, b kind.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// parts are the files that a layer names and has: layouts with their text, assets with their digest.
func (l *Layer) parts() map[string]kind.File {
	out := map[string]kind.File{}
	for name, text := range l.Layouts {
		out[name] = kind.File{Path: name, Content: []byte(text)}
	}
	for name, digest := range l.Assets {
		out[name] = kind.File{Path: name, Digest: digest}
	}
	return out
}

// commonParts are the files that can stand at the root of the pack, where every resource finds them, and the layers that
// need a folder of their own because they mean another file by the same name, or one that is not there.
func commonParts(layers []*Layer) (common map[string]kind.File, apart map[*Layer]bool) {
	common, apart = map[string]kind.File{}, map[*Layer]bool{}
	absent := map[string]bool{}
	for _, l := range layers {
		names := layoutNames(l.Resource.Kind, l.Resource.Doc)
		for _, asset := range kind.Assets(l.Resource) {
			names = append(names, asset.Name)
		}
		parts := l.parts()
		for _, name := range names {
			if _, there := parts[name]; !there {
				absent[name] = true
			}
		}
	}
	for _, l := range layers {
		parts := l.parts()
		for name, part := range parts {
			other, taken := common[name]
			apart[l] = apart[l] || absent[name] || taken && (other.Digest != part.Digest || string(other.Content) != string(part.Content))
		}
		if !apart[l] {
			maps.Copy(common, parts)
		}
	}
	return common, apart
}

// fileOf is where a resource stands in an exported pack.
func fileOf(l *Layer) string {
	r := l.Resource
	if r.Kind == "Tenant" && r.Metadata.Name == r.Metadata.Tenant {
		return "tenant.yaml"
	}
	at := path.Join(folderOf(r.Kind), r.Metadata.Name+".yaml")
	if r.Metadata.Pack != "" {
		at = path.Join("packs", r.Metadata.Pack, at)
	}
	return at
}

// folderOf is the plural of a kind in small letters: Matter → matters, AuthPolicy → auth-policies.
func folderOf(kindName string) string {
	var b strings.Builder
	for i, r := range kindName {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	word := b.String()
	switch {
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ey"):
		return strings.TrimSuffix(word, "y") + "ies"
	case strings.HasSuffix(word, "s") || strings.HasSuffix(word, "x"):
		return word + "es"
	}
	return word + "s"
}

// Digests are the entries that publishing the set would make: tenant/Kind/name → digests of the authored and of the
// effective document; no effective one for a resource with errors, nor for what a pack offers.
func (s *Set) Digests() map[string][2]string {
	out := map[string][2]string{}
	for _, l := range s.layers {
		digests := [2]string{l.Digest}
		if found := s.resolve(l).found; found != nil {
			digests[1] = found.Digest
		}
		out[l.key().String()] = digests
	}
	for _, provided := range s.packs {
		for _, l := range provided {
			out[l.key().String()] = [2]string{l.Digest}
		}
	}
	return out
}
