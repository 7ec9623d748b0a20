package graph

import (
	"zhengtong/graph/model"
	"zhengtong/graph/relay"
)

// edges makes the rows of a page into a connection's edges and page info. keys
// are the ordering values of a row, the unique id last, as many as PageOf was
// told; edge builds the generated edge type.
func edges[T, E any](page relay.Page, rows []T, more bool, keys func(T) []string, edge func(cursor string, row T) E) ([]E, *model.PageInfo) {
	out := make([]E, len(rows))
	info := &model.PageInfo{HasNextPage: more}
	for i, row := range rows {
		cursor := relay.Cursor{List: page.List, Keys: keys(row)}.String()
		out[i] = edge(cursor, row)
		if i == 0 {
			info.StartCursor = &cursor
		}
		info.EndCursor = &cursor
	}
	return out, info
}
