-- +goose Up
-- What a change of calendar would move (internal/configuration, plan_clock.go): open clocks by due date.
CREATE INDEX clock_open ON clock (tenant_id, due_on, id) WHERE state IN ('running', 'suspended');
