-- +goose Up
-- Files that configuration names by `asset:`, kept in the object store under their digest.
CREATE TABLE asset (
  tenant_id  text NOT NULL,
  sha256     text NOT NULL,
  size       bigint NOT NULL,
  mime       text NOT NULL,                 -- announced; once stored, as the bytes tell
  status     text NOT NULL,                 -- requested, stored, refused
  reason     text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  stored_at  timestamptz,
  PRIMARY KEY (tenant_id, sha256)
);
ALTER TABLE asset ENABLE ROW LEVEL SECURITY;
ALTER TABLE asset FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON asset TO zt_app;
CREATE POLICY own ON asset TO zt_app USING (tenant_id = (SELECT nullif(current_setting('zt.tenant', true), '')));
-- What is inherited may name an ancestor's file.
CREATE POLICY inherited ON asset FOR SELECT TO zt_app
  USING (tenant_id = ANY ((SELECT string_to_array(current_setting('zt.lineage', true), '/'))::text[]));

-- +goose Down
DROP TABLE asset;
