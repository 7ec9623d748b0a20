-- +goose Up
-- Matters are found by the steps of their flow and by how far applications from elsewhere are taken (R-CAT-08,
-- R-LNK-05). Rows get both with the next publication that concerns them. The view that shows governments' offers to
-- the areas below is made anew, for it lists the columns of the table as they were.
ALTER TABLE matter
  ADD COLUMN flow       text NOT NULL DEFAULT '',  -- titles of steps and special procedures, folded, one a line
  ADD COLUMN cross_area text NOT NULL DEFAULT '';  -- none, city, province, nation (通办范围)
DROP VIEW offered_matter;
CREATE VIEW offered_matter WITH (security_barrier) AS
  SELECT * FROM matter
  WHERE public_listed AND status = 'published'
    AND tenant_id = ANY (string_to_array(current_setting('zt.lineage', true), '/'));
GRANT SELECT ON offered_matter TO zt_app;

-- +goose Down
DROP VIEW offered_matter;
ALTER TABLE matter DROP COLUMN flow, DROP COLUMN cross_area;
CREATE VIEW offered_matter WITH (security_barrier) AS
  SELECT * FROM matter
  WHERE public_listed AND status = 'published'
    AND tenant_id = ANY (string_to_array(current_setting('zt.lineage', true), '/'));
GRANT SELECT ON offered_matter TO zt_app;
