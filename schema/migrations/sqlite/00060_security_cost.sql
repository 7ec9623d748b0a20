-- +goose Up
-- See postgres/00060_security_cost.sql: what governments above offer is read through this view.
CREATE VIEW offered_matter AS SELECT * FROM matter WHERE public_listed AND status = 'published';

-- +goose Down
DROP VIEW offered_matter;
