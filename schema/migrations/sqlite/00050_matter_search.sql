-- +goose Up
-- See postgres/00050_matter_search.sql.
ALTER TABLE matter ADD COLUMN sounds text NOT NULL DEFAULT '';       -- pinyin of title and aliases, every reading
ALTER TABLE matter ADD COLUMN deliveries text NOT NULL DEFAULT '[]';
ALTER TABLE matter ADD COLUMN online_depth text NOT NULL DEFAULT '';
ALTER TABLE matter ADD COLUMN joint boolean NOT NULL DEFAULT false;  -- other departments take part (联办事项)
CREATE INDEX matter_code ON matter (tenant_id, basic_code, id);

-- +goose Down
DROP INDEX matter_code;
ALTER TABLE matter DROP COLUMN joint;
ALTER TABLE matter DROP COLUMN online_depth;
ALTER TABLE matter DROP COLUMN deliveries;
ALTER TABLE matter DROP COLUMN sounds;
