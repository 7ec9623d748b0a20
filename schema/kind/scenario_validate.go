package kind

// validate checks that every path of questions ends in an outcome (V-19, V-21).
func (s *Scenario) validate(v *visit) {
	next := map[string][]string{}
	ends := map[string]bool{}
	var ids []string
	for _, q := range s.Questions {
		for _, o := range q.Options {
			next[q.ID] = append(next[q.ID], o.To)
		}
		ids = append(ids, q.ID)
	}
	for _, o := range s.Outcomes {
		ends[o.ID] = true
		ids = append(ids, o.ID)
	}
	if next[s.Start] == nil {
		v.fail("start", "V-19", suggest(s.Start, ids), "没有问题 %q", s.Start)
	}
	for i, q := range s.Questions {
		for j, o := range q.Options {
			if next[o.To] == nil && !ends[o.To] {
				v.fail(at(at("questions", i)+".options", j)+".to", "V-19", suggest(o.To, ids), "没有问题或结果 %q", o.To)
			}
		}
		if !leadsToEnd(q.ID, next, ends, map[string]bool{}) {
			v.fail(at("questions", i), "V-21", "", "问题 %q 的某条路径没有结果", q.ID)
		}
	}
}

// leadsToEnd reports whether every option below a question ends without a circle.
func leadsToEnd(id string, next map[string][]string, ends, onPath map[string]bool) bool {
	if ends[id] {
		return true
	}
	if onPath[id] || len(next[id]) == 0 {
		return false
	}
	onPath[id] = true
	defer delete(onPath, id)
	for _, to := range next[id] {
		if !leadsToEnd(to, next, ends, onPath) {
			return false
		}
	}
	return true
}
