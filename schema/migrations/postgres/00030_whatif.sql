-- +goose Up
-- What a change of calendar would move (internal/configuration, plan_clock.go): open clocks by due date.
CREATE INDEX clock_open ON clock (tenant_id, due_on, id) WHERE state IN ('running', 'suspended');
-- Past cases of a matter by the day of receipt, for replay (internal/casework, store_past.go).
CREATE INDEX case_file_received ON case_file (tenant_id, matter_name, received_on, id);
