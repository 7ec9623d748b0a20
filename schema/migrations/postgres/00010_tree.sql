-- +goose Up
-- Following an ancestor's publication: who must be brought up to date and how far that is, the review requests that
-- conflicts become, administrative acts on matters with the map of old names and codes, and tenants that were renamed
-- or merged.

ALTER TABLE configuration_revision ADD COLUMN review_deadline timestamptz;
ALTER TABLE configuration_revision ADD COLUMN on_overdue text NOT NULL DEFAULT ''; -- override, suspend

CREATE TABLE configuration_follow (
  tenant_id  text NOT NULL,                -- the tenant that published
  revision   integer NOT NULL,
  below      text NOT NULL,                -- a tenant that stands on what changed
  state      text NOT NULL,                -- waiting, done, conflict
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, revision, below)
);
CREATE INDEX configuration_follow_below ON configuration_follow (tenant_id, below) WHERE state = 'conflict';

CREATE TABLE review_request (
  tenant_id      text NOT NULL,            -- the tenant whose resource conflicts
  id             uuid NOT NULL,
  kind           text NOT NULL,
  name           text NOT NULL,
  title          text NOT NULL DEFAULT '',
  above          text NOT NULL,            -- the tenant that published
  above_revision integer NOT NULL,
  message        text NOT NULL,
  problems       jsonb NOT NULL DEFAULT '[]',
  state          text NOT NULL,            -- open, suspended; resolved, overridden
  deadline       timestamptz,
  on_overdue     text NOT NULL DEFAULT '', -- override, suspend
  opened_at      timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  closed_at      timestamptz,
  revision       integer,                  -- of the tenant, which closed it
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX review_request_cause ON review_request (tenant_id, kind, name) WHERE closed_at IS NULL;

CREATE TABLE matter_order (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  matter       text NOT NULL,              -- name
  action       text NOT NULL,              -- suspend, resume, cancel, merge, delegate
  reason       text NOT NULL,
  basis        text NOT NULL,
  transition   text NOT NULL DEFAULT '',
  successor    text NOT NULL DEFAULT '',   -- name
  delegated_to jsonb NOT NULL DEFAULT '[]',
  kept         boolean NOT NULL DEFAULT false,
  effective_at timestamptz NOT NULL,
  author       text NOT NULL,
  reviewer     text NOT NULL DEFAULT '',
  revision     integer NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX matter_order_matter ON matter_order (tenant_id, matter, id);

CREATE TABLE matter_alias (
  tenant_id text NOT NULL,
  alias     text NOT NULL,                 -- a former name, basic code or implementation code
  matter    text NOT NULL,                 -- the name that it leads to
  title     text NOT NULL DEFAULT '',      -- that it had
  since     timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, alias)
);
CREATE INDEX matter_alias_matter ON matter_alias (tenant_id, matter);

ALTER TABLE tenant ADD COLUMN succeeded_by text NOT NULL DEFAULT '';
ALTER TABLE tenant ADD COLUMN succeeded_on text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX tenant_division ON tenant (division_code) WHERE status = 'active';

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['configuration_follow', 'review_request', 'matter_order', 'matter_alias'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO zt_app', t);
    EXECUTE format(
      'CREATE POLICY own ON %I TO zt_app USING (tenant_id = (SELECT nullif(current_setting(''zt.tenant'', true), '''')))', t);
  END LOOP;
END $$;
-- +goose StatementEnd
REVOKE UPDATE, DELETE ON matter_order FROM zt_app; -- an act stays as it was done
REVOKE DELETE ON review_request FROM zt_app;

-- +goose Down
DROP TABLE configuration_follow, review_request, matter_order, matter_alias;
DROP INDEX tenant_division;
ALTER TABLE tenant DROP COLUMN succeeded_by, DROP COLUMN succeeded_on;
ALTER TABLE configuration_revision DROP COLUMN review_deadline, DROP COLUMN on_overdue;
