package workflow

// Guard is the source text of a boolean expression, empty for none. The engine
// does not understand it: Env.Eval answers it, normally from a map of programs
// compiled at publish under the same text.
type Guard string

// Definition mirrors the spec of kind Workflow (docs/kinds.md). Either Start
// or Subflows is set: a workflow with subflows serves the members of a bundle and
// each subflow is a net of its own.
type Definition struct {
	Start       string
	Subflows    map[string]Subflow
	Nodes       []Node
	Constraints Constraints
}

// Subflow is one named net of a member's workflow; Ends lists its end nodes.
type Subflow struct {
	Start string
	Ends  []string
}

// Constraints are the workflow-wide rules. The engine checks that they name nodes
// and effects of the flow; who may act is decided by authz.
type Constraints struct {
	SeparationOfDuty     [][]string // pairs of node ids no one person may act on (R-PRC-15)
	DocumentBeforeAction []Verb     // effects locked until their document record exists (docs/architecture.md I7)
}

// NodeType is the closed list of node types.
type NodeType string

// The node types of docs/kinds.md.
const (
	Human          NodeType = "human"
	Auto           NodeType = "auto"
	Xor            NodeType = "xor"
	AndSplit       NodeType = "and_split"
	AndJoin        NodeType = "and_join"
	InclusiveSplit NodeType = "inclusive_split"
	InclusiveJoin  NodeType = "inclusive_join"
	Wait           NodeType = "wait"
	Payment        NodeType = "payment"
	Special        NodeType = "special"
	Subcase        NodeType = "subcase"
	External       NodeType = "external"
	End            NodeType = "end"
)

// Abnormal is the pseudo-node: the case goes to the abnormal list and a person
// ends it by void, delete or, after an expired correction, lapse.
const Abnormal = "abnormal"

// Requested stands for a special procedure that the requester picks (rule 10).
const Requested = "$requested"

// ForeachMembers is the one value of Node.Foreach.
const ForeachMembers = "members"

// Phase is the part of a case's life a node belongs to. Only accept crosses the
// first boundary and only a decision the second.
type Phase string

// The three phases, in order.
const (
	PreAcceptance Phase = "pre_acceptance"
	Handling      Phase = "handling"
	PostDecision  Phase = "post_decision"
)

// Node is one node of a Definition. Fields that its type does not use are empty.
type Node struct {
	ID    string
	Type  NodeType
	Title string
	Phase Phase // empty for ends

	Assign *Assign // human
	Limit  *Limit
	Clock  ClockEffect // wait

	Actions  []Action          // human
	Events   map[string]string // wait, payment, auto, special, subcase: event → node
	Branches []Branch          // xor, splits
	Join     string            // splits: the matching join
	Of       string            // joins: the matching split
	To       string            // joins: the next node
	Foreach  string            // and_split: ForeachMembers
	Subflow  string            // and_split with Foreach: the subflow each member runs
	Timeout  *Timeout          // joins

	SkipWhen    Guard
	SkipTo      string
	MaxVisits   int // 0 = unlimited
	OnExhausted string

	RecordBy         string            // wait: role that records custom events
	Fee              string            // payment
	Effect           Verb              // auto
	LicenceType      string            // auto
	Document         string            // auto
	SpecialProcedure string            // special: a name or Requested
	Connector        string            // external
	Maps             map[string]string // external: event → node
	Silence          *Limit            // external
	Matter           string            // subcase
	TenantLevel      string            // subcase
	Outcome          Outcome           // end
}

// Action is what a person may do at a human node.
type Action struct {
	ID               string
	Title            string
	When             Guard
	Requires         []string
	Effect           Verb
	Ground           Ground // refuse_acceptance
	Document         string // alias of the matter's documents
	LicenceType      string
	SpecialProcedure string
	To               string
	MaxTimes         int // 0 = unlimited
}

// Assign says who gets the task of a human node.
type Assign struct {
	Department     string
	Role           string
	Strategy       string // claim, queue, round_robin, least_loaded, fixed, same_as(node)
	MinimumPersons int
}

// Limit is a planning limit of a node, in its own unit (hour, workday, day, month, year).
type Limit struct {
	N      int
	Unit   string
	Holder string // agency, applicant, payer, third
	Per    string // case (default of human nodes) or visit
	Basis  string
}

// ClockEffect says whether a wait suspends the promised or the statutory clock.
type ClockEffect struct {
	PromisedSuspended  bool
	StatutorySuspended bool
}

// suspends reports whether any clock stands still.
func (c ClockEffect) suspends() bool { return c.PromisedSuspended || c.StatutorySuspended }

// Branch is one way out of an xor or a split. An and_split has To alone.
type Branch struct {
	When Guard
	Else bool
	To   string
}

// The two policies of a join's timeout.
const (
	PassWithCard = "pass_with_card" // close what is open, raise the card, go on
	WaitWithCard = "wait_with_card" // raise the card, keep waiting
)

// Timeout of a join, counted from its split. Either To or Policy is set.
type Timeout struct {
	N      int
	Unit   string
	To     string
	Policy string
	Raise  string // supervision rule
}

// Ground is why acceptance is refused.
type Ground string

// The grounds of refuse_acceptance (行政许可法 art. 32; R-REC-13).
const (
	NotCompetent    Ground = "not_competent"
	Incomplete      Ground = "incomplete"
	NoLicenceNeeded Ground = "no_licence_needed"
	LegalRoute      Ground = "legal_route"
)

var grounds = []Ground{NotCompetent, Incomplete, NoLicenceNeeded, LegalRoute}
