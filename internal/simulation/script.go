package simulation

import (
	"encoding/json"
	"fmt"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Case is one sample case of a pack: a script with the matter it is for.
type Case struct {
	Tenant  string `json:"tenant"`
	Matter  string `json:"matter"`
	StartAt string `json:"start_at"` // civil time of the tenant, "2026-03-02 09:00", or RFC 3339
	Script
	file kind.Document // that it was read from
}

// Script is what happens to a simulated case.
type Script struct {
	Title     string            `json:"title"`
	Applicant Applicant         `json:"applicant"`
	People    map[string]Person `json:"people"` // besides those made up for each role
	Form      json.RawMessage   `json:"form,omitempty"`
	// Materials says how each is handed in: file (the default of what the matter asks
	// for), commitment, or none.
	Materials map[string]string `json:"materials"`
	Channel   string            `json:"channel"`  // web when empty
	Delivery  string            `json:"delivery"` // the matter's first way when empty
	Steps     []Step            `json:"steps"`
	// Auto goes on by itself after the steps: happy takes the first action of each node,
	// every_choice also each other choice once, as further paths.
	Auto string `json:"auto"`
	Pace string `json:"pace"` // between two acts of Auto: "1wd" (the default), "2d", "3h"
}

// The ways to go on without steps.
const (
	AutoNone  = ""
	AutoHappy = "happy"
	AutoEvery = "every_choice"
)

// Applicant is who applies; empty fields are filled in so that the matter admits them.
type Applicant struct {
	Type  string `json:"type"` // service_objects value
	Name  string `json:"name"`
	USCC  string `json:"uscc"`
	Level string `json:"level"`
}

// Person is a member of staff in a script.
type Person struct {
	Name       string   `json:"name"`
	Roles      []string `json:"roles"`
	Department string   `json:"department"` // where the roles are held; every department when empty
	StaffNo    string   `json:"staff_no"`
	Relatives  []string `json:"relatives"` // credit codes of firms the person has a tie to
}

// Step is one thing that happens: an action on a task (act), something else (event),
// or, with neither, time that passes.
type Step struct {
	At    string `json:"at"`    // civil time, "2026-03-03 09:30", or RFC 3339
	After string `json:"after"` // since the step before: "2wd" working days, "3d" days, "4h" hours
	By    string `json:"by"`    // a role, a person of People, applicant, or external
	Node  string `json:"node"`  // where; needed only when several tasks offer the same
	Act   string `json:"act"`   // id of an action; its document is issued first
	// Event is resubmit, report (a special procedure's result), request_special,
	// approve_special, reject_special, request_extension, approve_extension,
	// reject_extension, withdraw, void, lapse, delete; at a payment, job, sub-case or
	// outside system its result (paid, failed, …); else an event that a wait names.
	Event     string         `json:"event"`
	Fields    map[string]any `json:"fields"`
	Form      map[string]any `json:"form"`      // of resubmit
	Materials []string       `json:"materials"` // of resubmit; what the notice asks for when empty
	Procedure string         `json:"procedure"`
	Clock     string         `json:"clock"` // of an extension
	N         int            `json:"n"`     // of an extension
	Reason    string         `json:"reason"`
	Persons   int            `json:"persons"`  // who carry out a report; as many as are needed when 0
	Unissued  bool           `json:"unissued"` // act without issuing the document first
	Refused   string         `json:"refused"`  // the reason or code with which it must be refused
}

// ScriptPath is where problems find a script; the file of a case holds its fields at $.
const ScriptPath = "$.script"

// Bounds of a script.
const (
	MaxSteps   = 200
	maxPeople  = 50
	maxPaths   = 64
	maxMoments = 400 // of one path
	maxFired   = 500 // timers of one path
)

// check says what no run could follow.
func (s Script) check() problem.List {
	var problems problem.List
	if len(s.Steps) > MaxSteps {
		problems.Add(ScriptPath+".steps", "too_many", "步骤超过 %d 个", MaxSteps)
	}
	if len(s.People) > maxPeople {
		problems.Add(ScriptPath+".people", "too_many", "人员超过 %d 名", maxPeople)
	}
	if s.Auto != AutoNone && s.Auto != AutoHappy && s.Auto != AutoEvery {
		problems.Add(ScriptPath+".auto", "enum", "自动方式只能是 happy 或 every_choice")
	}
	for ref, way := range s.Materials {
		if way != "file" && way != "commitment" && way != "none" {
			problems.Add(ScriptPath+".materials."+ref, "enum", "提交方式只能是 file、commitment 或 none")
		}
	}
	for i, step := range s.Steps {
		if step.Act != "" && step.Event != "" {
			problems.Add(at(ScriptPath+".steps", i), "act_or_event", "一步只能是 act 或 event 之一")
		}
	}
	return problems
}

func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
