package graph

import (
	"context"
	"encoding/base64"
	"path"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Interchange carries configuration in and out (configuration.Service).
type Interchange interface {
	Export(ctx context.Context, in configuration.Exporting) (configuration.Export, error)
	ExportWorkflow(ctx context.Context, name string) ([]byte, error)
	ImportWorkflow(ctx context.Context, name string, text []byte) (configuration.Imported, error)
	ExportList(ctx context.Context, list, format string) ([]byte, error)
	ImportCatalogue(ctx context.Context, format string, content []byte) (configuration.Imported, error)
	ImportMatters(ctx context.Context, format, template string, content []byte) (configuration.Imported, error)
}

// fileConnection shows a page of an export, assets with a link to their bytes.
func (r *Resolver) fileConnection(ctx context.Context, page relay.Page, out configuration.Export) (*model.ConfigurationFileConnection, error) {
	files, more := relay.Cut(page, out.Files)
	links := map[string]*string{}
	for _, f := range files {
		if f.Digest == "" {
			continue
		}
		link, err := r.Declarations.AssetURL(ctx, f.Digest, path.Base(f.Path))
		if err != nil {
			return nil, err
		}
		links[f.Path] = opt(link)
	}
	list, info := edges(page, files, more, func(f kind.File) []string { return []string{f.Path} },
		func(cursor string, f kind.File) *model.ConfigurationFileEdge {
			return &model.ConfigurationFileEdge{Cursor: cursor, Node: &model.ConfigurationFile{Path: f.Path, Content: string(f.Content), Asset: opt(f.Digest), URL: links[f.Path]}}
		})
	return &model.ConfigurationFileConnection{Tenant: out.Tenant, Revision: out.Revision, Edges: list, PageInfo: info, TotalCount: &out.Total}, nil
}

func exchangeFile(name, mime string, content []byte) *model.ExchangeFile {
	return &model.ExchangeFile{Filename: name, Mime: mime, Base64: base64.StdEncoding.EncodeToString(content)}
}

// mediaTypes of the formats, with the endings of files.
var mediaTypes = map[model.ExchangeFormat][2]string{model.ExchangeFormatCSV: {".csv", "text/csv"}, model.ExchangeFormatAudit: {".json", "application/json"},
	model.ExchangeFormatXlsx: {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}}

// bytesOf decodes a file that came in.
func bytesOf(text string) ([]byte, error) {
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, problem.New(problem.BadRequest, "base64", "base64 不是合法的 Base64")
	}
	return content, nil
}

func importReport(in configuration.Imported) *model.ImportReport {
	return &model.ImportReport{Rows: in.Rows, Accepted: in.Accepted, Problems: problemModels(in.Problems),
		Files: each(in.Files, func(f kind.File) *model.ConfigurationFile {
			return &model.ConfigurationFile{Path: f.Path, Content: string(f.Content)}
		})}
}
