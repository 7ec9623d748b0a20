package graph

import (
	"bytes"
	"encoding/json"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/relay"
	"zhengtong/internal/casework"
	"zhengtong/internal/problem"
)

// fieldsIn reads the fields of an action, a document or a report. Numbers keep
// their text; opaque ids of files of the tenant become the ids that the case
// knows them by.
func fieldsIn(raw json.RawMessage, path, tenant string) (map[string]any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return nil, problem.Invalid(problem.List{{Path: path, Code: "type", Message: "应为对象", Severity: problem.SeverityError}})
	}
	for name, value := range fields {
		fields[name] = fileIn(value, tenant)
	}
	return fields, nil
}

func fileIn(value any, tenant string) any {
	switch value := value.(type) {
	case []any:
		for i, one := range value {
			value[i] = fileIn(one, tenant)
		}
	case string:
		if id, err := relay.ParseID(value); err == nil && id.Type == relay.File && id.Tenant == tenant {
			return id.Key
		}
	}
	return value
}

// reportOut shows a report with its files as opaque ids.
func reportOut(v *casework.View, s *casework.SpecialRun) (json.RawMessage, error) {
	spec := v.Matter().Specials[s.Procedure]
	out := make(map[string]any, len(s.Report))
	for name, value := range s.Report {
		list, isList := value.([]any)
		if spec == nil || spec.ReportForm[name].Type != "files" || !isList {
			out[name] = value
			continue
		}
		out[name] = each(list, func(one any) any {
			text, _ := one.(string)
			if id := uuid.FromStringOrNil(text); id != uuid.Nil {
				return relay.Of(relay.File, v.Case().Tenant, id).String()
			}
			return one
		})
	}
	return json.Marshal(out)
}
