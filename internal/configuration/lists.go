package configuration

import (
	"context"
	"fmt"
	"path"
	"slices"

	"zhengtong/internal/interchange/record"
	"zhengtong/internal/interchange/table"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// The formats of lists.
const (
	FormatCSV   = "csv"
	FormatXLSX  = "xlsx"
	FormatAudit = "audit" // JSON records of the national exchange tables
)

// ImportCatalogue reads a list of catalogue items (目录清单) as CSV or XLSX. Bad rows are reported with their cell, good
// ones become resources. Needs config.read.
func (s *Service) ImportCatalogue(ctx context.Context, format string, content []byte) (Imported, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Imported{}, err
	}
	sheet, problems := readSheet(format, content)
	if len(sheet.Rows) == 0 {
		return Imported{Problems: problems}, nil
	}
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return Imported{}, err
	}
	names := map[string]string{}
	for _, f := range snapshot.view.shelf.ownAll(tenancy.Acting(ctx), "CatalogueItem") {
		names[f.Resource.Spec.(*kind.CatalogueItem).BasicCode] = f.Resource.Metadata.Name
	}
	entries, found := record.Catalogue(sheet.Rows, tenancy.Acting(ctx), names)
	rows := make([]taken, len(entries))
	for i, e := range entries {
		rows[i] = taken{row: e.Row, place: table.Cell(e.Row, 1), resources: []*kind.Resource{e.Resource}}
	}
	good, _, refused, err := s.sift(ctx, rows)
	return imported(good, len(sheet.Rows)-1, append(append(problems, found...), refused...)), err
}

// ImportMatters reads matters (实施清单) as records of the national exchange tables or as a list of their fields, over a
// template: a matter that the tenant has or inherits, which gives form, workflow, fee and documents. Bad rows are
// reported with their cell or field, good ones become matters with their materials. Needs config.read; NotFound
// without the template.
func (s *Service) ImportMatters(ctx context.Context, format, template string, content []byte) (Imported, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return Imported{}, err
	}
	sources, problems := readMatters(format, content)
	tenant, err := s.receiver(ctx, template)
	if err != nil {
		return Imported{}, err
	}
	items, found := record.Convert(sources, tenant)
	rows := make([]taken, len(items))
	for i, item := range items {
		rows[i] = taken{row: item.Source.Row, place: "$", resources: item.Resources, facts: item.Facts}
		if item.Source.At != nil {
			_, _, rows[i].place = item.Source.At("AUDIT_ITEM.task_name")
		}
	}
	good, set, refused, err := s.sift(ctx, rows)
	if err != nil {
		return Imported{}, err
	}
	for _, row := range good {
		fill(set, row)
	}
	return imported(good, len(sources), append(append(problems, found...), refused...)), nil
}

// taken is one row on its way into the configuration.
type taken struct {
	row       int
	place     string
	resources []*kind.Resource
	facts     record.Facts
}

func (t taken) files() []kind.File {
	files := make([]kind.File, len(t.resources))
	for i, r := range t.resources {
		files[i] = kind.File{Path: path.Join(folderOf(r.Kind), r.Metadata.Name+".yaml"), Content: r.YAML()}
	}
	return files
}

func imported(rows []taken, total int, problems problem.List) Imported {
	out := Imported{Rows: total, Accepted: len(rows), Problems: problems.Sorted()}
	for _, row := range rows {
		out.Files = append(out.Files, row.files()...)
	}
	return out
}

func readSheet(format string, content []byte) (table.Sheet, problem.List) {
	if format == FormatXLSX {
		return table.ReadXLSX(content)
	}
	return table.ReadCSV(content)
}

func readMatters(format string, content []byte) ([]record.Source, problem.List) {
	if format != FormatAudit {
		sheet, problems := readSheet(format, content)
		if len(sheet.Rows) == 0 {
			return nil, problems
		}
		return record.FromRows(sheet.Rows)
	}
	records, problems := record.Read(content)
	sources := make([]record.Source, len(records))
	for i, r := range records {
		sources[i] = record.Source{Record: r, Row: i + 1}
	}
	return sources, problems
}

// receiver gathers what records refer to in the acting tenant.
func (s *Service) receiver(ctx context.Context, template string) (record.Tenant, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return record.Tenant{}, err
	}
	view := snapshot.view
	out := record.Tenant{Code: view.Tenant(), Departments: map[string]record.Department{}, Catalogue: map[string]string{}, Matters: map[string]string{}}
	for _, f := range view.All("Department") {
		d := f.Resource.Spec.(*kind.Department)
		department := record.Department{Name: f.Resource.Metadata.Name, Title: d.Title}
		if d.Places != nil {
			department.Phone, department.Complaint = d.Places.Phone, d.Places.Complaint
		}
		out.Departments[d.USCC] = department
	}
	for _, f := range view.All("CatalogueItem") {
		out.Catalogue[f.Resource.Spec.(*kind.CatalogueItem).BasicCode] = f.Resource.Metadata.Name
	}
	for _, f := range view.shelf.ownAll(view.Tenant(), "Matter") {
		out.Matters[f.Resource.Spec.(*kind.Matter).BasicCode] = f.Resource.Metadata.Name
	}
	found, ok := view.Find("Matter", template)
	if !ok {
		return out, problem.Missing()
	}
	spec := found.Resource.Spec.(*kind.Matter)
	if fee, ok := view.Find("FeeSchedule", spec.Fee); ok {
		out.Template.Charges = fee.Resource.Spec.(*kind.FeeSchedule).Charge != "none"
	}
	if found.Owner != view.Tenant() && spec.Abstract {
		out.Template.Extends = &kind.Extends{Tenant: found.Owner, Name: template}
		return out, nil
	}
	out.Template.Spec = found.Resource.Doc
	return out, nil
}

// sift runs the publish check over the rows as one change and takes out those whose resources have errors, until what is
// left is clean. The set is that of the rows that are left.
func (s *Service) sift(ctx context.Context, rows []taken) ([]taken, *Set, problem.List, error) {
	var refused problem.List
	for {
		var files []kind.File
		owner := map[string]int{}
		for i, row := range rows {
			for _, f := range row.files() {
				owner[f.Path] = i
				files = append(files, f)
			}
		}
		layers, problems := Read(files)
		base, err := s.loadBase(ctx, concerned(ctx, layers, nil))
		if err != nil {
			return nil, nil, nil, err
		}
		set, report := checkLayers(layers, problems, nil, base.Base)
		bad := map[int]bool{}
		for _, p := range report.Problems.Errors() {
			i, ours := owner[p.File]
			if !ours {
				refused = append(refused, p)
				continue
			}
			bad[i] = true
			refused = append(refused, problem.Problem{Line: rows[i].row, Column: 1, Path: rows[i].place, Code: p.Code, Hint: p.Hint, Severity: p.Severity,
				Message: fmt.Sprintf("%s 的 %s：%s", p.File, p.Path, p.Message)})
		}
		if len(bad) == 0 {
			return rows, set, refused, nil
		}
		left := make([]taken, 0, len(rows))
		for i, row := range rows {
			if !bad[i] {
				left = append(left, row)
			}
		}
		rows = left
	}
}

// fill notes in a matter what its record does not say and template, department or defaults have filled in.
func fill(set *Set, row taken) {
	matter := row.resources[0]
	view := set.view(matter.Metadata.Tenant)
	found, ok := view.Find("Matter", matter.Metadata.Name)
	if !ok {
		return
	}
	said := factsOf(view, found.Resource.Spec.(*kind.Matter))
	if exchange, ok := matter.Doc["exchange"].(map[string]any); ok {
		exchange["filled"] = record.Filled(row.facts, said).Tree()
	}
}

// factsOf is what a matter of a tenant says in the words of the exchange tables.
func factsOf(source Source, m *kind.Matter) record.Facts {
	b := bind(source, m)
	materials := map[string]*kind.Material{}
	for _, item := range m.Materials {
		if f, ok := source.Find("Material", item.Ref); ok {
			materials[item.Ref] = f.Resource.Spec.(*kind.Material)
		}
	}
	return record.FactsOfMatter(m, materials, record.Body{Tenant: source.Tenant(), Department: b.DepartmentTitle, USCC: b.USCC, ImplementationCode: b.ImplementationCode})
}

// The lists that are exported (R-MGT-04).
const (
	ListCatalogue      = "catalogue"
	ListMatters        = "matters"
	ListPowers         = "powers"
	ListPublicServices = "public_services"
	ListFees           = "fees"
	ListIntermediaries = "intermediaries"
	ListVisits         = "visits"
)

// ExportList writes a list of the acting tenant as it stands: catalogue items that it has, or what the matters that it
// offers say. Records of the exchange tables (FormatAudit) are of matters, powers and public services only;
// Validation otherwise. Needs config.read.
func (s *Service) ExportList(ctx context.Context, list, format string) ([]byte, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	switch list {
	case ListCatalogue:
		var items []*kind.CatalogueItem
		for _, f := range snapshot.view.All("CatalogueItem") {
			items = append(items, f.Resource.Spec.(*kind.CatalogueItem))
		}
		rows = record.CatalogueRows(items)
	case ListFees, ListIntermediaries, ListVisits:
		rows = derived(snapshot.view, list)
	default:
		matters := exchanged(snapshot.view, list)
		if format == FormatAudit {
			return record.Write(matters)
		}
		rows = record.Rows(matters)
	}
	switch format {
	case FormatXLSX:
		return table.WriteXLSX(list, rows)
	case FormatCSV:
		return table.WriteCSV(rows)
	}
	var problems problem.List
	problems.Add("$.format", "V-01", "该清单没有交换表，用 csv 或 xlsx")
	return nil, problem.Invalid(problems)
}

// exchanged are the matters that a tenant offers, all or those of a list.
func exchanged(view *view, list string) []record.Record {
	out := []record.Record{}
	for _, f := range view.Offered() {
		m := f.Resource.Spec.(*kind.Matter)
		switch {
		case m.IsInternal(), list == ListPublicServices && m.ItemType != "public_service", list == ListPowers && m.ItemType == "public_service":
			continue
		}
		var origin record.Record
		var filled record.Facts
		if m.Exchange != nil {
			tree, _ := m.Exchange.Record.(map[string]any)
			origin, filled = tree, record.FactsFrom(m.Exchange.Filled)
		}
		out = append(out, record.Update(origin, filled, factsOf(view, m)))
	}
	return out
}

// derived are the lists that pick one side of the matters: what they cost, which intermediaries they need, how often an
// applicant has to come.
func derived(view *view, list string) [][]string {
	rows := [][]string{append([]string{"事项名称", "基本编码", "实施编码", "实施主体"}, map[string][]string{ListFees: {"收费", "收费标准", "收费依据"},
		ListIntermediaries: {"中介服务", "依据", "是否法定"}, ListVisits: {"到现场次数", "到现场原因"}}[list]...)}
	yes := map[bool]string{true: "是", false: "否"}
	for _, f := range view.Offered() {
		m := f.Resource.Spec.(*kind.Matter)
		b := bind(view, m)
		add := func(cells ...string) {
			rows = append(rows, slices.Concat([]string{m.Title, m.BasicCode, b.ImplementationCode, b.DepartmentTitle}, cells))
		}
		switch list {
		case ListFees:
			if fee, ok := view.Find("FeeSchedule", m.Fee); ok {
				spec := fee.Resource.Spec.(*kind.FeeSchedule)
				add(yes[spec.Charge != "none"], spec.Title, spec.LegalBasis)
			}
		case ListIntermediaries:
			for _, i := range m.Intermediaries {
				add(i.Name, i.Basis, yes[i.Statutory])
			}
		case ListVisits:
			if m.Visits != nil {
				add(fmt.Sprint(*m.Visits), m.OnsiteReason)
			}
		}
	}
	return rows
}
