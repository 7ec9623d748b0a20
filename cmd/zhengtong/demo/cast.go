package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The matters whose journeys are written, by resource name.
const (
	Food   = "food-business-licence"
	Energy = "energy-review"
)

// cast is one journey's play: where it happens, who plays, what they bring, and in which order.
type cast struct {
	matter, words    string // resource name of the matter, and what the applicant types to find it
	county, province string
	applicant        person
	clerk, approver  person
	supervisor       person
	reviewers        []person
	form             map[string]any
	papers           []paper
	commitments      map[string]string // materials replaced by a promise (告知承诺), with their titles
	accepted         string            // what acceptance brings with it, in words
	opinion          string
	granted          string // the decision in words
	receiver         map[string]any
	chapters         []func(*journey, context.Context) error
}

// person is somebody of the demonstration's accounts.
type person struct{ name, login string }

// paper is a material and the file that is handed in for it.
type paper struct{ ref, file string }

// casts are the journeys that can be driven.
func casts() map[string]func() *cast {
	return map[string]func() *cast{Food: foodCast, Energy: energyCast}
}

func castOf(matter string) (*cast, error) {
	if matter == "" {
		matter = Food
	}
	if of, ok := casts()[matter]; ok {
		return of(), nil
	}
	return nil, fmt.Errorf("no journey for the matter %q; there are %s", matter, strings.Join(slices.Sorted(maps.Keys(casts())), ", "))
}

func (j *journey) firm() *actor {
	return &actor{journey: j, name: j.cast.applicant.name, login: j.cast.applicant.login, acting: j.cast.county}
}

func (j *journey) supervisor() *actor {
	return &actor{journey: j, name: j.cast.supervisor.name, login: j.cast.supervisor.login, home: j.cast.province}
}

func (j *journey) staff(p person) *actor {
	return &actor{journey: j, name: p.name, login: p.login, home: j.cast.county}
}
