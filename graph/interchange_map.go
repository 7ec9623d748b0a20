package graph

import (
	"context"
	"encoding/base64"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

// Interchange carries configuration in and out (configuration.Service).
type Interchange interface {
	Export(ctx context.Context, in configuration.Exporting) (configuration.Export, error)
	ExportWorkflow(ctx context.Context, name string) ([]byte, error)
	ImportWorkflow(ctx context.Context, name string, text []byte) (configuration.Imported, error)
}

func fileConnection(page relay.Page, out configuration.Export) *model.ConfigurationFileConnection {
	more := len(out.Files) > page.First
	list, info := edges(page, out.Files[:min(page.First, len(out.Files))], more, func(f kind.File) []string { return []string{f.Path} },
		func(cursor string, f kind.File) *model.ConfigurationFileEdge {
			return &model.ConfigurationFileEdge{Cursor: cursor, Node: &model.ConfigurationFile{Path: f.Path, Content: string(f.Content)}}
		})
	return &model.ConfigurationFileConnection{Tenant: out.Tenant, Revision: out.Revision, Edges: list, PageInfo: info, TotalCount: &out.Total}
}

func exchangeFile(name, mime string, content []byte) *model.ExchangeFile {
	return &model.ExchangeFile{Filename: name, Mime: mime, Base64: base64.StdEncoding.EncodeToString(content)}
}

func importReport(in configuration.Imported) *model.ImportReport {
	return &model.ImportReport{Rows: in.Rows, Accepted: in.Accepted, Problems: problemModels(in.Problems),
		Files: each(in.Files, func(f kind.File) *model.ConfigurationFile {
			return &model.ConfigurationFile{Path: f.Path, Content: string(f.Content)}
		})}
}
