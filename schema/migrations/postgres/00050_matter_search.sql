-- +goose Up
-- Matters are searched through the rows of an area and of the governments above it, found by tenant
-- (docs/adr/0020-search-through-the-catalogue-of-the-area.md). No operator of full-text search is leakproof, so
-- row-level security never let zt_app use this index.
DROP INDEX matter_search;
ALTER TABLE matter
  ADD COLUMN sounds       text NOT NULL DEFAULT '',      -- pinyin of title and aliases, every reading
  ADD COLUMN deliveries   jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN online_depth text NOT NULL DEFAULT '',
  ADD COLUMN joint        boolean NOT NULL DEFAULT false; -- other departments take part (联办事项)
CREATE INDEX matter_code ON matter (tenant_id, basic_code, id);

-- What a government offers to everybody is offered to the areas below it too (R-CAT-03).
CREATE POLICY offered_below ON matter FOR SELECT TO zt_app
  USING (tenant_id = ANY ((SELECT string_to_array(current_setting('zt.lineage', true), '/'))::text[])
    AND public_listed AND status = 'published');

-- +goose Down
DROP POLICY IF EXISTS offered_below ON matter;
DROP INDEX matter_code;
ALTER TABLE matter DROP COLUMN sounds, DROP COLUMN deliveries, DROP COLUMN online_depth, DROP COLUMN joint;
CREATE INDEX matter_search ON matter USING gin (to_tsvector('simple', search));
