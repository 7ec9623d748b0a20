-- +goose Up
-- See postgres/00065_matter_flow.sql.
ALTER TABLE matter ADD COLUMN flow text NOT NULL DEFAULT '';        -- titles of steps and special procedures, folded, one a line
ALTER TABLE matter ADD COLUMN cross_area text NOT NULL DEFAULT '';  -- none, city, province, nation (通办范围)
DROP VIEW offered_matter;
CREATE VIEW offered_matter AS SELECT * FROM matter WHERE public_listed AND status = 'published';

-- +goose Down
DROP VIEW offered_matter;
ALTER TABLE matter DROP COLUMN cross_area;
ALTER TABLE matter DROP COLUMN flow;
CREATE VIEW offered_matter AS SELECT * FROM matter WHERE public_listed AND status = 'published';
