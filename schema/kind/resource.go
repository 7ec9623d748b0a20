package kind

import (
	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

// APIVersion is the only version of the envelope.
const APIVersion = "zhengtong/v1"

// National is the tenant that is the implicit parent of every root.
const National = "national"

// Resource is one document of a pack: envelope, spec and where it was written.
//
// Doc is the authored spec as a tree, without defaults: the patch, when Metadata
// has Extends. Spec is a pointer to the kind's struct (*Matter, …) bound from Doc
// with defaults filled. Node is the YAML document for positions; it is nil for a
// resource that came from canonical JSON or from a merge.
type Resource struct {
	APIVersion string
	Kind       string
	Metadata   Metadata
	Spec       any
	Doc        map[string]any
	Node       *yaml.Node
	File       string
	DocIndex   int
}

// Metadata is the envelope's head (domain part 3.1). Its title is derived from spec.title.
type Metadata struct {
	Tenant    string            `yaml:"tenant!" format:"name" doc:"租户代码，带引号的文本；国家级基础配置为 national"`
	Name      string            `yaml:"name!" format:"name" doc:"名称，小写字母、数字和连字符，1 至 63 个字符；在本租户同类资源中唯一"`
	Extends   *Extends          `yaml:"extends" doc:"继承的上级资源；不写 digest 表示跟随上级最新版本"`
	Effective *Effectivity      `yaml:"effective" doc:"生效与失效日期"`
	Locks     []Lock            `yaml:"locks" merge:"key=path" doc:"对下级租户的锁定，约束所有下级"`
	Labels    map[string]string `yaml:"labels" doc:"标签，供检索和筛选"`
	Pack      string            `yaml:"pack" format:"name" doc:"所属配置包；只有配置包提供的资源才填写"`
}

// Extends names the ancestor's resource that a patch is laid over. Digest pins one version.
type Extends struct {
	Tenant string `yaml:"tenant!" format:"name" doc:"上级租户代码"`
	Name   string `yaml:"name!" format:"name" doc:"上级资源名称"`
	Digest string `yaml:"digest" format:"digest" doc:"固定在某一版本（64 位十六进制摘要）"`
}

// Effectivity is the range of civil days, both included, in which a version is in force.
type Effectivity struct {
	From string `yaml:"from" format:"date" doc:"生效日期"`
	To   string `yaml:"to" format:"date" doc:"失效日期，空表示长期"`
}

// Lock binds every descendant: fixed, tighten, shrink, append, enum or free (domain part 3.1, 四级四同).
type Lock struct {
	Path string `yaml:"path!" doc:"锁定的字段路径，如 spec.materials[ref=safety-rules]"`
	Mode string `yaml:"mode!" enum:"fixed,tighten,shrink,append,enum,free" code:"V-06" doc:"fixed 不可变；tighten 只可收紧；shrink 只可减少或改为非必须；append 只可增加；enum 只可从上级列表中选；free 不锁"`
}

// File is one file of a pack. Path is relative to the pack and uses slashes. A file
// with a Digest is an asset: bytes that a spec names by `asset:`, never read as YAML.
// Its Content is absent where the bytes are in the object store already.
type File struct {
	Path    string
	Content []byte
	Digest  string // SHA-256 of an asset's bytes, 64 lower-case hex digits; "" for a text
}

// Title is spec.title, the resource's name for people; a patch may leave it to its parent.
func (r *Resource) Title() string {
	title, _ := r.Doc["title"].(string)
	return title
}

// Key names a resource within a set of tenants: tenant/Kind/name.
func (r *Resource) Key() string {
	return r.Metadata.Tenant + "/" + r.Kind + "/" + r.Metadata.Name
}

// IsPatch reports whether the spec is laid over an ancestor's and so may leave required fields out.
func (r *Resource) IsPatch() bool { return r.Metadata.Extends != nil }

// Locate fills file, line and column of problems that name a path of this resource and have no place yet.
func (r *Resource) Locate(list problem.List) problem.List {
	for i := range list {
		if list[i].File == "" {
			list[i].File = r.File
			list[i].Line, list[i].Column = r.Position(list[i].Path)
		}
	}
	return list
}
