package kind

// defaults fills how a stage limit counts: a person's goes on over all visits of
// the case, a wait's or special procedure's begins anew at each (domain part 3.2.1).
func (*Workflow) defaults(doc map[string]any) {
	nodes, _ := doc["nodes"].([]any)
	for _, item := range nodes {
		node, _ := item.(map[string]any)
		limit, ok := node["limit"].(map[string]any)
		if !ok || limit["per"] != nil {
			continue
		}
		limit["per"] = "visit"
		if node["type"] == "human" {
			limit["per"] = "case"
		}
	}
}
