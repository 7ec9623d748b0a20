package graph_test

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"zhengtong/graph/generated"
	"zhengtong/graph/relay"
)

// ids are objects of the county by the name under which inputs ask for them.
type ids map[string]string

// objects of a case that is being handled: what a stranger could ask for.
func (w *town) objects(login string) ids {
	w.Helper()
	kase, _, _ := w.apply(login)
	task, handler := w.taskOf(kase, "shencha", "shencha2")
	seen := w.do(handler, `query($id: ID!) { viewer { account { id } } case(id: $id) { documents { id } materials { files { id } } } }`, map[string]any{"id": kase})
	file := ""
	for i := range seen.at("case", "materials").([]any) {
		if f := seen.text("case", "materials", i, "files", 0, "id"); f != "" {
			file = f
		}
	}
	draft := w.do(login, `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id } } }`, input(map[string]any{"matter": food, "form": map[string]any{}}))
	absent := func(t relay.Type) string { return relay.Of(t, county, uuid.Must(uuid.NewV4())).String() }
	return ids{"case": kase, "task": task, "draft": draft.text("saveDraft", "draft", "id"), "file": file, "owner": kase, "to": seen.text("viewer", "account", "id"), "staff": seen.text("viewer", "account", "id"),
		"matter": food, "special": absent(relay.SpecialRun), "extension": absent(relay.Extension), "change": absent(relay.Change),
		"executors": seen.text("viewer", "account", "id"), "document": seen.text("case", "documents", 0, "id")}
}

// fill makes an input of a type that is well formed, with the ids given.
func fill(schema *ast.Schema, t *ast.Type, name string, known ids) any {
	if t.Elem != nil {
		return []any{fill(schema, t.Elem, name, known)}
	}
	switch t.NamedType {
	case "ID":
		return cmp.Or(known[name], known["case"])
	case "Int":
		return 1
	case "Boolean":
		return true
	case "JSON":
		return map[string]any{}
	}
	def := schema.Types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		fields := map[string]any{}
		for _, f := range def.Fields {
			if f.Type.NonNull {
				fields[f.Name] = fill(schema, f.Type, f.Name, known)
			}
		}
		return fields
	}
	return county // text: a code where a tenant is meant
}

// scalarOf selects one field of a payload: the first scalar on the way down.
func scalarOf(schema *ast.Schema, t *ast.Type) string {
	def := schema.Types[t.Name()]
	for _, f := range def.Fields {
		if len(f.Arguments) == 0 && !strings.HasPrefix(f.Name, "__") {
			if sub := schema.Types[f.Type.Name()]; sub.Kind == ast.Object {
				return "{ " + f.Name + " " + scalarOf(schema, f.Type) + " }"
			}
			return "{ " + f.Name + " }"
		}
	}
	return ""
}

// operation writes one root field with its arguments as variables.
func operation(schema *ast.Schema, kind string, f *ast.FieldDefinition, known ids) (string, map[string]any) {
	var declared, given []string
	variables := map[string]any{}
	for _, a := range f.Arguments {
		if !a.Type.NonNull && kind == "query" {
			continue
		}
		declared = append(declared, fmt.Sprintf("$%s: %s", a.Name, a.Type))
		given = append(given, fmt.Sprintf("%s: $%s", a.Name, a.Name))
		variables[a.Name] = fill(schema, a.Type, a.Name, known)
	}
	head, args := "", ""
	if len(declared) > 0 {
		head, args = "("+strings.Join(declared, ", ")+")", "("+strings.Join(given, ", ")+")"
	}
	selection := ""
	if def := schema.Types[f.Type.Name()]; def.Kind == ast.Object {
		selection = scalarOf(schema, f.Type)
	} else if def.Kind == ast.Interface {
		selection = "{ __typename }"
	}
	return kind + head + " { " + f.Name + args + " " + selection + " }", variables
}

// Invariant I2: nobody is somebody without a session. Every mutation but signIn, and
// every query that is not public, answers UNAUTHENTICATED before it reads anything.
func TestNothingWithoutASession(t *testing.T) {
	w := open(t)
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	known := w.objects("xiangwei")
	public := map[string]bool{"signIn": true, "node": true, "viewer": true, "tenant": true, "tenants": true, "matters": true, "matter": true, "halls": true, "hall": true,
		"caseProgress": true, "verifyLicence": true, "kinds": true}
	for kind, root := range map[string]*ast.Definition{"mutation": schema.Mutation, "query": schema.Query} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			query, variables := operation(schema, kind, f, known)
			if f.Name == "node" {
				variables["id"] = known["case"]
			}
			a := w.ask("", query, variables)
			switch {
			case f.Name == "node":
				if a.at("node") != nil {
					t.Errorf("node shows a visitor a case: %v", a.Data)
				}
			case public[f.Name] && kind == "query":
				if a.code() == "UNAUTHENTICATED" {
					t.Errorf("%s is public: %+v", f.Name, a.Errors)
				}
			case a.code() != "UNAUTHENTICATED":
				t.Errorf("%s: %q", query, a.code())
			}
		}
	}
}

// Invariant I3: whoever belongs elsewhere gets NOT_FOUND for what is really there, as for
// what is not: staff of another tenant with any id, another applicant with a case's.
func TestAnotherTenantsObjectsAreNotThere(t *testing.T) {
	w := open(t)
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	known := w.objects("xiangwei")
	own := map[string]bool{"signIn": true, "signOut": true, "endOtherSessions": true, "subscribeThemes": true, "submitChange": true, "requestAsset": true,
		"changePassword": true, "createStaff": true, "activateTenant": true, "suspendTenant": true, "resumeTenant": true} // name no object
	staffOnly := map[string]bool{"approveChange": true, "rejectChange": true, "rebaseChange": true, "publishChange": true, "rollbackConfiguration": true, "reassignTask": true, "recordSpecialResult": true,
		"bindRole": true, "unbindRole": true, "disableStaff": true, "enableStaff": true}
	for _, f := range schema.Mutation.Fields {
		if strings.HasPrefix(f.Name, "__") || own[f.Name] {
			continue
		}
		query, variables := operation(schema, "mutation", f, known)
		if a := w.ask("shi-bianzhi", query, variables, "X-Tenant", county); a.code() != "NOT_FOUND" {
			t.Errorf("staff of the city: %s: %+v", query, a.Errors)
		}
		if f.Name == "saveDraft" || staffOnly[f.Name] {
			continue // anybody may begin a draft of a public matter
		}
		if a := w.ask("yongfeng", query, variables); a.code() != "NOT_FOUND" {
			t.Errorf("another firm: %s: %+v", query, a.Errors)
		}
	}
	for name, id := range known {
		for _, login := range []string{"shi-bianzhi", "yongfeng"} {
			if a := w.do(login, `query($id: ID!) { node(id: $id) { __typename id } }`, map[string]any{"id": id}); a.at("node") != nil && name != "matter" {
				t.Errorf("%s sees the %s: %v", login, name, a.Data)
			}
		}
	}
	if a := w.do("xiangwei", `query($c: ID!, $d: ID!) { c: node(id: $c) { __typename } d: node(id: $d) { __typename } }`,
		map[string]any{"c": known["case"], "d": known["document"]}); a.text("c", "__typename") != "Case" || a.text("d", "__typename") != "IssuedDocument" {
		t.Errorf("the owner: %v", a.Data)
	}
}

// resolvers are read from the binary: the object store of the tests has moved the working directory.
//
//go:embed *.resolvers.go
var resolvers embed.FS

// Every type that is a Node is found by node(id); a linked case is a row of a list only.
func TestEveryNodeHasALoader(t *testing.T) {
	w := open(t)
	known := w.objects("xiangwei")
	r := w.do("bianzhi", `query { resource(kind: "Role", name: "auditor") { id } }`, nil)
	ids := []string{known["case"], known["task"], known["file"], known["document"], known["to"], food, r.text("resource", "id"),
		relay.Named(relay.Tenant, county, county).String(), relay.Named(relay.Department, county, "scjgj").String()}
	for _, id := range ids {
		login := "shencha"
		if id == r.text("resource", "id") {
			login = "bianzhi"
		}
		a := w.do(login, `query($id: ID!) { node(id: $id) { __typename id } }`, map[string]any{"id": id})
		if parsed, err := relay.ParseID(id); err != nil || a.text("node", "__typename") != string(parsed.Type) || a.text("node", "id") != id {
			t.Errorf("%s: %v", parsed.Type, a.Data)
		}
	}
}

// Every resolver is filled in.
func TestEveryFieldIsAnswered(t *testing.T) {
	files, err := fs.Glob(resolvers, "*.resolvers.go")
	if err != nil || len(files) < 12 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		text, err := resolvers.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "not implemented") || strings.Contains(string(text), "panic(") {
			t.Errorf("%s: a resolver is not filled in", name)
		}
	}
}
