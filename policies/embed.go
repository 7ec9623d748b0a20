// Package policies holds who may do what, as data: the Casbin model, the closed
// lists of permissions and actions, the Rego modules with their tests, and the
// decision matrix that internal/authz is held to.
package policies

import (
	"embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// FS holds every file of this folder that the program reads.
//
//go:embed model.conf permissions.yaml actions.yaml matrix.yaml rego/*.rego
var FS embed.FS

// Action is one row of actions.yaml: who may ask, and what the object must satisfy.
type Action struct {
	Subject []string `yaml:"subject"` // public, applicant, staff
	Needs   string   `yaml:"needs"`   // permission; "$task" = that of the task's action
	Scope   bool     `yaml:"scope"`   // the object lies within the data scope
	Task    bool     `yaml:"task"`    // the caller is assignee or candidate
	Owner   bool     `yaml:"owner"`   // the applicant owns the object
	Level   bool     `yaml:"level"`   // the applicant's level reaches the matter's
	Cross   bool     `yaml:"cross"`   // the object belongs to a tenant below, or to one that granted it
}

// Permissions returns the closed list of permissions, sorted.
func Permissions() ([]string, error) {
	var groups map[string][]string
	if err := read("permissions.yaml", &groups); err != nil {
		return nil, err
	}
	var all []string
	for _, group := range groups {
		all = append(all, group...)
	}
	slices.Sort(all)
	return all, nil
}

// Actions returns every action that may be asked, by name.
func Actions() (map[string]Action, error) {
	var actions map[string]Action
	err := read("actions.yaml", &actions)
	return actions, err
}

func read(name string, into any) error {
	text, err := FS.ReadFile(name)
	if err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("policies: %s: %w", name, err)
	}
	return nil
}
