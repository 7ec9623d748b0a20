package casework

import (
	"context"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// MaterialInput hands in one material: files that were uploaded for it, or a
// commitment in place of it (告知承诺).
type MaterialInput struct {
	Ref        string      `json:"ref"`
	Files      []uuid.UUID `json:"files"`
	Commitment bool        `json:"commitment,omitempty"`
}

// takeMaterials holds what was handed in to the matter's list and fills the
// case's materials. Bytes are named by the digest found when their upload was
// completed; a file that changed since has another digest and was refused then.
func (c *Change) takeMaterials(ctx context.Context, owner uuid.UUID, given []MaterialInput, in expr.Input) (problem.List, error) {
	var files map[uuid.UUID]FileObject
	if slices.ContainsFunc(given, func(g MaterialInput) bool { return len(g.Files) > 0 }) {
		var err error
		if files, err = c.service.book.files(ctx, owner); err != nil {
			return nil, err
		}
	}
	var problems problem.List
	for i, input := range given {
		if !slices.ContainsFunc(c.matter.Materials, func(t configuration.MaterialTerm) bool { return t.Ref == input.Ref }) {
			problems.Add(indexed("$.materials", i)+".ref", "unknown_material", "本事项不需要材料 %s", input.Ref)
		}
	}
	for _, term := range c.matter.Materials {
		found, err := c.takeMaterial(term, files, given, in)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

func (c *Change) takeMaterial(term configuration.MaterialTerm, files map[uuid.UUID]FileObject, given []MaterialInput, in expr.Input) (problem.List, error) {
	required, err := requiredNow(term, in)
	if err != nil {
		return nil, err
	}
	m := &Material{row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Ref: term.Ref, Title: term.Spec.Title,
		Required: required, Status: MaterialMissing, UpdatedAt: c.now}
	var problems problem.List
	if i := slices.IndexFunc(given, func(g MaterialInput) bool { return g.Ref == term.Ref }); i >= 0 {
		problems = m.fill(given[i], indexed("$.materials", i), term.Spec, files)
	}
	c.settleMissing(m, term.Spec)
	if m.Status == MaterialMissing && required && !problems.HasErrors() {
		problems.Add("$.materials[ref="+term.Ref+"]", "required", "缺少必需材料“%s”", m.Title)
	}
	c.materials = append(c.materials, m)
	return problems, nil
}

func requiredNow(term configuration.MaterialTerm, in expr.Input) (bool, error) {
	if term.RequiredWhen == nil {
		return term.Required, nil
	}
	return term.RequiredWhen.Bool(in)
}

// fill takes the files and checks them against the material's terms.
func (m *Material) fill(in MaterialInput, path string, spec *kind.Material, files map[uuid.UUID]FileObject) problem.List {
	var problems problem.List
	if in.Commitment {
		if spec.Commitment == nil {
			problems.Add(path, "commitment", "材料“%s”不适用告知承诺", m.Title)
			return problems
		}
		m.Status, m.FulfilledBy = MaterialCommitted, "commitment"
		return problems
	}
	m.Files = nil
	for i, id := range in.Files {
		file, known := files[id]
		place := indexed(path+".files", i)
		switch {
		case !known || file.Material != m.Ref:
			problems.Add(place, "unknown_file", "没有为材料“%s”上传过这个文件", m.Title)
		case file.Status != FileStored:
			problems.Add(place, "not_stored", "文件“%s”尚未上传完成", file.Filename)
		default:
			problems = append(problems, checkFile(spec, file.Filename, file.Size, file.MIME, place)...)
			m.Files = append(m.Files, File{ID: file.ID, Filename: file.Filename, Size: file.Size, MIME: file.MIME, SHA256: file.SHA256})
		}
	}
	if len(m.Files) > 0 {
		m.Status = MaterialSubmitted
	}
	return problems
}

// settleMissing decides what may stand for a material that was not handed in:
// the form itself when the material is generated from it, tolerance (容缺) with
// its due date, or nothing.
func (c *Change) settleMissing(m *Material, spec *kind.Material) {
	if m.Status != MaterialMissing {
		return
	}
	switch {
	case spec.GeneratedFromForm:
		m.Status, m.FulfilledBy = MaterialSubmitted, "form"
	case spec.Tolerance != nil && m.Required:
		m.Status = MaterialTolerated
		m.DueOn = c.live.Calendar.Add(c.today, limitOf(spec.Tolerance.Due), true)
	case !m.Required:
		m.Status = MaterialWaived
	}
}

// checkFile holds a file to the material's formats and size (V-14, R-APP-04).
func checkFile(spec *kind.Material, filename string, size int64, mime, path string) problem.List {
	var problems problem.List
	if limit := int64(spec.MaxMB) << 20; size > limit {
		problems.Add(path, "too_large", "文件“%s”超过 %d MB", filename, spec.MaxMB)
	}
	if size <= 0 {
		problems.Add(path, "empty", "文件“%s”是空的", filename)
	}
	if !formatAllowed(spec.Formats, filename, mime) {
		problems.Add(path, "format", "文件“%s”的类型（%s）不在允许的 %s 之中", filename, mime, strings.Join(spec.Formats, "、"))
	}
	return problems
}

// term is what the matter asks of a material; nil for one it does not ask for.
func (c *Change) term(ref string) *configuration.MaterialTerm {
	i := slices.IndexFunc(c.matter.Materials, func(t configuration.MaterialTerm) bool { return t.Ref == ref })
	if i < 0 {
		return nil
	}
	return &c.matter.Materials[i]
}

// mimeOf are the media types of the formats that materials name.
var mimeOf = map[string][]string{
	"pdf": {"application/pdf"}, "jpg": {"image/jpeg"}, "jpeg": {"image/jpeg"}, "png": {"image/png"},
	"ofd": {"application/ofd", "application/zip"}, "zip": {"application/zip"}, "dwg": {"image/vnd.dwg", "application/acad", "application/octet-stream"},
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	"docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	"mp4":  {"video/mp4"}, "txt": {"text/plain"},
}

func formatAllowed(formats []string, filename, mime string) bool {
	base, _, _ := strings.Cut(mime, ";")
	for _, format := range formats {
		if strings.HasSuffix(strings.ToLower(filename), "."+format) && slices.Contains(mimeOf[format], strings.TrimSpace(base)) {
			return true
		}
	}
	return false
}

// retake takes materials that answer a correction. Only what the notice asked
// for counts; each must be there.
func (c *Change) retake(ctx context.Context, notice *Correction, given []MaterialInput) (problem.List, error) {
	files, err := c.service.book.files(ctx, c.kase.ID)
	if err != nil {
		return nil, err
	}
	if c.kase.DraftID != uuid.Nil {
		more, err := c.service.book.files(ctx, c.kase.DraftID)
		if err != nil {
			return nil, err
		}
		for id, f := range more {
			files[id] = f
		}
	}
	var problems problem.List
	for _, item := range notice.Items {
		i := slices.IndexFunc(given, func(g MaterialInput) bool { return g.Ref == item.Material })
		if i < 0 {
			problems.Add("$.materials", "required", "补正通知要求重新提交“%s”", item.Title)
			continue
		}
		m := c.material(item.Material)
		term := c.term(item.Material)
		m.Status, m.DefectNote, m.Corrected, m.UpdatedAt, m.dirty = MaterialMissing, "", true, c.now, true
		problems = append(problems, m.fill(given[i], indexed("$.materials", i), term.Spec, files)...)
		if m.Status == MaterialMissing && !problems.HasErrors() {
			problems.Add(indexed("$.materials", i), "required", "“%s”没有文件", item.Title)
		}
	}
	return problems, nil
}
