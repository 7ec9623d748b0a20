package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
)

// simulateQuery names every field as simulation.Simulation does.
const simulateQuery = `query($input: SimulateInput!) { simulateMatter(input: $input) { tenant matter title unserved truncated path { ...path } others { ...path } } }
fragment path on SimulationPath { choices status outcome finish_code: finishCode received_on: receivedOn accepted_on: acceptedOn deemed decided_on: decidedOn
	moments { step at by did refused status events tasks { node title role department assignee able actions due_on: dueOn } dues { kind node state due_on: dueOn } }
	clocks { kind title party node limit started_on: startedOn due_on: dueOn provisional state stopped_on: stoppedOn explain }
	documents { alias title number on action voided } licences { type title number valid_from: validFrom valid_to: validTo }
	fee { fen waived pending lines { step name expr: expression value } }
	cards { rule title level score respondent confirm_by: confirmBy subject node on message standing accumulated accumulates }
	problems { file line column path code message hint severity } }`

// remoteSimulator lays the draft over what is published on a running server, in the tenant of the token.
func (c simulateCommand) remoteSimulator(ctx context.Context) (simulator, error) {
	if c.Token == "" {
		return nil, errors.New("simulating on a server needs --token or ZHENGTONG_TOKEN")
	}
	r := remote{Server: c.Server, Token: c.Token, Tenant: c.Tenant, JSON: c.JSON}
	acting, err := r.acting(ctx)
	if err != nil {
		return nil, err
	}
	location, err := time.LoadLocation(acting.Timezone)
	if err != nil {
		return nil, err
	}
	files, err := r.inputFiles(ctx, c.Paths)
	if err != nil {
		return nil, r.found(err)
	}
	return func(sample simulation.Case) (*simulation.Simulation, error) {
		if sample.Tenant != "" && sample.Tenant != acting.Code {
			return nil, fmt.Errorf("the token acts in %s, not in %s", acting.Code, sample.Tenant)
		}
		input := map[string]any{"matter": sample.Matter, "files": files, "script": sample.Script}
		if sample.StartAt != "" {
			at, err := simulation.ParseTime(sample.StartAt, location)
			if err != nil {
				return nil, err
			}
			input["startAt"] = at.Format(time.RFC3339Nano)
		}
		var out struct{ SimulateMatter remoteSimulation }
		err := r.call(ctx, r.Token, simulateQuery, map[string]any{"input": input}, &out)
		var wrong *answered
		switch {
		case errors.As(err, &wrong) && strings.HasPrefix(wrong.problems[0].Path, simulation.ScriptPath):
			return nil, problem.Invalid(wrong.problems)
		case errors.As(err, &wrong):
			return nil, show(os.Stdout, wrong.problems, c.JSON, "草案")
		case err != nil:
			return nil, fmt.Errorf("%s %s: %w", acting.Code, sample.Matter, err)
		}
		return out.SimulateMatter.in(location), nil
	}, nil
}

// remoteSimulation is a simulation as the API answers it.
type remoteSimulation struct {
	simulation.Simulation
	Course remotePath   `json:"path"`
	Others []remotePath `json:"others"`
}

type remotePath struct {
	simulation.Path
	Moments []remoteMoment `json:"moments"`
}

type remoteMoment struct {
	simulation.Moment
	Step *int `json:"step"` // null for what is no step
}

// in is the simulation as one that ran here, with times of a time zone.
func (s remoteSimulation) in(location *time.Location) *simulation.Simulation {
	out := s.Simulation
	out.Path = s.Course.in(location)
	for _, other := range s.Others {
		out.Others = append(out.Others, other.in(location))
	}
	return &out
}

func (p remotePath) in(location *time.Location) simulation.Path {
	out := p.Path
	out.Moments = make([]simulation.Moment, len(p.Moments))
	for i, m := range p.Moments {
		out.Moments[i] = m.Moment
		out.Moments[i].At = m.At.In(location)
		if out.Moments[i].Step = -1; m.Step != nil {
			out.Moments[i].Step = *m.Step
		}
	}
	return out
}
