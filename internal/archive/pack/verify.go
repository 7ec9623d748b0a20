package pack

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/audit/chain"
	"zhengtong/internal/problem"
)

// Codes of what verification finds; each problem's path names the file.
const (
	CodeManifest = "package_manifest" // missing, not canonical, or its root does not fit
	CodeMissing  = "package_missing"  // listed, but not in the package
	CodeExtra    = "package_extra"    // in the package, but not listed
	CodeAltered  = "package_altered"  // content or size differ
	CodeChain    = "package_chain"    // the events do not verify or end elsewhere
)

// maxManifest bounds the manifest; a thousand items take a quarter of a megabyte.
const maxManifest = 64 << 20

// ErrNotPackage is returned for a file that is no ZIP archive at all.
var ErrNotPackage = errors.New("not a case package")

// Report is what verification found. The package is intact when Problems is empty
// and Manifest.Root is the root that was recorded when it was filed: a forger who
// rewrites everything can make a consistent package, but not one with the same root.
type Report struct {
	Manifest Manifest
	Items    int   // files read and found right
	Bytes    int64 // read
	Events   int64 // verified links of the chain
	Problems problem.List
}

// Intact reports whether nothing was found wrong.
func (r Report) Intact() bool { return len(r.Problems) == 0 }

// Verify reads a whole package, hashes every file and the chain of events anew,
// and compares them with the manifest. It needs nothing but the file. Findings
// are collected in the report; an error means that the file cannot be read as a package.
func Verify(r io.ReaderAt, size int64) (Report, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Report{}, fmt.Errorf("%w: %v", ErrNotPackage, err)
	}
	v := &verification{files: map[string]*zip.File{}}
	for _, f := range archive.File {
		if v.files[f.Name] != nil {
			v.report.Problems.Add(f.Name, CodeExtra, "包内有重名文件")
		}
		v.files[f.Name] = f
	}
	if v.manifest() {
		for _, item := range v.report.Manifest.Items {
			v.item(item)
		}
		v.extras()
	}
	v.report.Problems = v.report.Problems.Sorted()
	return v.report, nil
}

type verification struct {
	files  map[string]*zip.File
	report Report
}

// manifest reads the manifest and reports whether the items can be checked by it.
func (v *verification) manifest() bool {
	problems, m := &v.report.Problems, &v.report.Manifest
	f := v.files[ManifestName]
	if f == nil {
		problems.Add(ManifestName, CodeManifest, "缺少清单")
		return false
	}
	data, err := content(f, maxManifest)
	if err != nil {
		problems.Add(ManifestName, CodeManifest, "清单无法读取：%v", err)
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		problems.Add(ManifestName, CodeManifest, "清单不是有效的 JSON：%v", err)
		return false
	}
	if again, err := canonical.Marshal(m); err != nil || !bytes.Equal(again, data) {
		problems.Add(ManifestName, CodeManifest, "清单不是规范形式")
	}
	if err := errors.Join(m.check(), checkItems(m.Items)); err != nil {
		problems.Add(ManifestName, CodeManifest, "清单内容有误：%v", err)
		return false
	}
	if root, err := m.rootOf(); err != nil || root != m.Root {
		problems.Add(ManifestName, CodeManifest, "清单与其根哈希不符")
	}
	return true
}

// content reads a small file whole.
func content(f *zip.File, limit int64) ([]byte, error) {
	in, err := open(f)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // reading decides; closing a section of a file cannot fail
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("larger than %d bytes", limit)
	}
	return data, err
}

// open refuses compressed files: packages have none, and a tiny one could unfold without end.
func open(f *zip.File) (io.ReadCloser, error) {
	if f.Method != zip.Store {
		return nil, fmt.Errorf("compression method %d", f.Method)
	}
	return f.Open()
}

func (v *verification) item(item Item) {
	problems := &v.report.Problems
	f := v.files[item.Path]
	if f == nil {
		problems.Add(item.Path, CodeMissing, "清单所列文件不在包内")
		return
	}
	in, err := open(f)
	if err != nil {
		problems.Add(item.Path, CodeAltered, "文件无法读取：%v", err)
		return
	}
	defer func() { _ = in.Close() }()
	newHash, err := newHash(v.report.Manifest.Algorithm)
	if err != nil {
		problems.Add(ManifestName, CodeManifest, "%v", err)
		return
	}
	sum, counted := newHash(), &counter{}
	stream := io.TeeReader(in, io.MultiWriter(sum, counted))
	if item.Role == RoleEvents {
		v.events(item, stream)
	}
	_, err = io.Copy(io.Discard, stream)
	v.report.Bytes += counted.n
	switch {
	case err != nil:
		problems.Add(item.Path, CodeAltered, "文件无法读取：%v", err)
	case counted.n != item.Size || hex.EncodeToString(sum.Sum(nil)) != item.Digest:
		problems.Add(item.Path, CodeAltered, "文件内容与清单不符")
	default:
		v.report.Items++
	}
}

// events checks the chain from its genesis to the head that the manifest names.
func (v *verification) events(item Item, in io.Reader) {
	m := v.report.Manifest
	start, err := chain.Genesis(m.Chain.Algorithm, m.Tenant, m.Chain.Subject)
	if err != nil {
		v.report.Problems.Add(item.Path, CodeChain, "%v", err)
		return
	}
	head, err := chain.VerifyLines(start, in)
	v.report.Events = head.Seq
	if err != nil {
		v.report.Problems.Add(item.Path, CodeChain, "%v", err)
	} else if head.Seq == 0 || head.Seq != m.Chain.Events || head.Hash != m.Chain.Head {
		v.report.Problems.Add(item.Path, CodeChain, "事件链终点与清单不符")
	}
}

// extras reports files that the manifest does not list.
func (v *verification) extras() {
	listed := map[string]bool{ManifestName: true}
	for _, item := range v.report.Manifest.Items {
		listed[item.Path] = true
	}
	for name := range v.files {
		if !listed[name] {
			v.report.Problems.Add(name, CodeExtra, "包内文件未列入清单")
		}
	}
}
