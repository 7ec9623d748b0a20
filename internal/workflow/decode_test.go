package workflow_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/workflow"
)

// The decoder below reads the spec of kind Workflow for tests; the real one, with
// positions, is in schema/kind.

type yamlSpec struct {
	Title    string
	Start    string
	Subflows map[string]struct {
		Start string
		Ends  []string
	}
	Nodes       []yamlNode
	Constraints struct {
		SeparationOfDuty     [][]string      `yaml:"separation_of_duty"`
		ExcludeRelated       bool            `yaml:"exclude_related_staff"`
		DocumentBeforeAction []workflow.Verb `yaml:"document_before_action"`
	}
}

type yamlNode struct {
	ID          string
	Type        workflow.NodeType
	Title       string
	Phase       workflow.Phase
	Assign      map[string]any
	Limit       *yamlLimit
	ClockEffect struct{ Promised, Statutory string } `yaml:"clock_effect"`
	Form        map[string]any
	Actions     []yamlAction
	Events      map[string]string
	Branches    []yamlBranch
	Join        string
	Of          string
	To          string
	Foreach     string
	Subflow     string
	Timeout     *struct {
		N         int
		Unit      string
		OnTimeout struct{ To, Policy, Raise string } `yaml:"on_timeout"`
	}
	SkipWhen         workflow.Guard `yaml:"skip_when"`
	SkipTo           string         `yaml:"skip_to"`
	MaxVisits        int            `yaml:"max_visits"`
	OnExhausted      string         `yaml:"on_exhausted"`
	RecordBy         string         `yaml:"record_by"`
	Fee              string
	Effect           workflow.Verb
	LicenceType      string `yaml:"licence_type"`
	Document         string
	SpecialProcedure string `yaml:"special_procedure"`
	Connector        string
	Maps             map[string]string
	Matter           string
	TenantLevel      string `yaml:"tenant_level"`
	Outcome          workflow.Outcome
}

type yamlLimit struct {
	N                        int
	Unit, Holder, Per, Basis string
}

type yamlAction struct {
	ID, Title        string
	When             workflow.Guard
	Requires         []string
	Effect           workflow.Verb
	Ground           workflow.Ground
	Document         string
	LicenceType      string `yaml:"licence_type"`
	SpecialProcedure string `yaml:"special_procedure"`
	To               string
	MaxTimes         int `yaml:"max_times"`
}

type yamlBranch struct {
	When workflow.Guard
	Else bool
	To   string
}

// UnmarshalYAML takes a bare node id for an and_split.
func (b *yamlBranch) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&b.To)
	}
	type plain yamlBranch
	return n.Decode((*plain)(b))
}

func decode(text []byte) (workflow.Definition, error) {
	var doc struct{ Spec yamlSpec }
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil {
		return workflow.Definition{}, err
	}
	def := workflow.Definition{Start: doc.Spec.Start}
	def.Constraints.SeparationOfDuty = doc.Spec.Constraints.SeparationOfDuty
	def.Constraints.DocumentBeforeAction = doc.Spec.Constraints.DocumentBeforeAction
	for name, s := range doc.Spec.Subflows {
		if def.Subflows == nil {
			def.Subflows = map[string]workflow.Subflow{}
		}
		def.Subflows[name] = workflow.Subflow{Start: s.Start, Ends: s.Ends}
	}
	for _, n := range doc.Spec.Nodes {
		def.Nodes = append(def.Nodes, n.node())
	}
	return def, nil
}

func (n yamlNode) node() workflow.Node {
	out := workflow.Node{
		ID: n.ID, Type: n.Type, Title: n.Title, Phase: n.Phase, Events: n.Events, Join: n.Join, Of: n.Of, To: n.To,
		Foreach: n.Foreach, Subflow: n.Subflow, SkipWhen: n.SkipWhen, SkipTo: n.SkipTo, MaxVisits: n.MaxVisits,
		OnExhausted: n.OnExhausted, RecordBy: n.RecordBy, Fee: n.Fee, Effect: n.Effect, LicenceType: n.LicenceType,
		Document: n.Document, SpecialProcedure: n.SpecialProcedure, Connector: n.Connector, Maps: n.Maps,
		Matter: n.Matter, TenantLevel: n.TenantLevel, Outcome: n.Outcome,
		Clock: workflow.ClockEffect{PromisedSuspended: n.ClockEffect.Promised == "suspend", StatutorySuspended: n.ClockEffect.Statutory == "suspend"},
	}
	if n.Limit != nil {
		out.Limit = &workflow.Limit{N: n.Limit.N, Unit: n.Limit.Unit, Holder: n.Limit.Holder, Per: n.Limit.Per, Basis: n.Limit.Basis}
	}
	for _, a := range n.Actions {
		out.Actions = append(out.Actions, workflow.Action(a))
	}
	for _, b := range n.Branches {
		out.Branches = append(out.Branches, workflow.Branch(b))
	}
	if n.Timeout != nil {
		t := n.Timeout.OnTimeout
		out.Timeout = &workflow.Timeout{N: n.Timeout.N, Unit: n.Timeout.Unit, To: t.To, Policy: t.Policy, Raise: t.Raise}
	}
	return out
}

// load compiles an example flow of testdata; problems beyond warnings fail the test.
func load(t testing.TB, name string) *workflow.Net {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	net, problems := workflow.Compile(mustDecode(t, text))
	if net == nil {
		t.Fatalf("%s does not compile:\n%s", name, problems)
	}
	return net
}

func mustDecode(t testing.TB, text []byte) workflow.Definition {
	t.Helper()
	def, err := decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// compact renders effects one a line, with the fields that are set.
func compact(effects []workflow.Effect) string {
	var b strings.Builder
	for _, e := range effects {
		b.WriteString(string(e.Kind))
		for _, f := range [][2]string{{"node", e.Node}, {"token", e.Token}, {"action", e.Action}, {"event", e.Event}, {"document", e.Document},
			{"verb", string(e.Verb)}, {"licence", e.Licence}, {"procedure", e.Procedure}, {"member", e.Member}, {"subflow", e.Subflow}, {"ground", string(e.Ground)},
			{"outcome", string(e.Outcome)}, {"reason", string(e.Reason)}, {"cause", e.Cause}, {"rule", e.Rule}} {
			if f[1] != "" {
				fmt.Fprintf(&b, " %s=%s", f[0], f[1])
			}
		}
		if e.Kind == workflow.EffectStatusChanged {
			fmt.Fprintf(&b, " %s→%s", e.From, e.To)
		}
		if len(e.Members) > 0 {
			fmt.Fprintf(&b, " members=%s", strings.Join(e.Members, ","))
		}
		if e.Deemed {
			b.WriteString(" deemed")
		}
		if e.FinishCode != nil {
			fmt.Fprintf(&b, " code=%d", *e.FinishCode)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
