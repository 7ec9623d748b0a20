package kind

// CodeSet is a dictionary: codes with titles, for forms and exchange.
type CodeSet struct {
	Title string     `yaml:"title!" format:"title" doc:"字典名称"`
	Items []CodeItem `yaml:"items!" merge:"key=code" doc:"条目"`
}

// CodeItem is one entry, valid for a range of days.
type CodeItem struct {
	Code   string       `yaml:"code!" doc:"代码，加引号"`
	Title  string       `yaml:"title!" format:"title" doc:"名称"`
	Parent string       `yaml:"parent" doc:"上级代码"`
	Valid  *Effectivity `yaml:"valid" doc:"有效期"`
}

func (c *CodeSet) validate(v *visit) {
	parents := map[string]string{}
	for _, item := range c.Items {
		parents[item.Code] = item.Parent
	}
	for i, item := range c.Items {
		place := at("items", i) + ".parent"
		if _, known := parents[item.Parent]; item.Parent != "" && !known {
			v.fail(place, "V-03", "", "上级代码 %q 不在本字典中", item.Parent)
			continue
		}
		seen := map[string]bool{}
		for code := item.Code; code != ""; code = parents[code] {
			if seen[code] {
				v.fail(place, "V-51", "", "代码 %q 的上级成环", item.Code)
				break
			}
			seen[code] = true
		}
	}
}

// NumberRule builds a series of numbers.
type NumberRule struct {
	Title    string            `yaml:"title!" format:"title" doc:"名称"`
	Pattern  string            `yaml:"pattern!" doc:"样式，如 {division:6}{yymmdd}{seq:6}{check:1}"`
	SeqScope []string          `yaml:"seq_scope" merge:"set" enum:"tenant,department,matter,year,month,day" default:"[\"tenant\",\"year\"]" doc:"流水号在什么范围内连续"`
	Map      map[string]string `yaml:"map" expr:"number" doc:"自定义记号到表达式"`
	Check    string            `yaml:"check" enum:"iso7064-mod11-10,iso7064-mod37-36,none" doc:"校验码算法"`
}

func (n *NumberRule) validate(v *visit) {
	checkPattern(v, "pattern", n.Pattern, n.Map, n.Check)
}
