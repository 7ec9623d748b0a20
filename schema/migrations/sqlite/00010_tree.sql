-- +goose Up
-- The same as postgres/00010_tree.sql for the embedded database.

ALTER TABLE configuration_revision ADD COLUMN review_deadline timestamp;
ALTER TABLE configuration_revision ADD COLUMN on_overdue text NOT NULL DEFAULT ''; -- override, suspend

CREATE TABLE configuration_follow (
  tenant_id  text NOT NULL,                -- the tenant that published
  revision   integer NOT NULL,
  below      text NOT NULL,                -- a tenant that stands on what changed
  state      text NOT NULL,                -- waiting, done, conflict
  updated_at timestamp NOT NULL,
  PRIMARY KEY (tenant_id, revision, below)
);
CREATE INDEX configuration_follow_below ON configuration_follow (tenant_id, below) WHERE state = 'conflict';

CREATE TABLE review_request (
  tenant_id      text NOT NULL,            -- the tenant whose resource conflicts
  id             text NOT NULL,
  kind           text NOT NULL,
  name           text NOT NULL,
  title          text NOT NULL DEFAULT '',
  above          text NOT NULL,            -- the tenant that published
  above_revision integer NOT NULL,
  message        text NOT NULL,
  problems       text NOT NULL DEFAULT '[]',
  state          text NOT NULL,            -- open, suspended; resolved, overridden
  deadline       timestamp,
  on_overdue     text NOT NULL DEFAULT '', -- override, suspend
  opened_at      timestamp NOT NULL,
  updated_at     timestamp NOT NULL,
  closed_at      timestamp,
  revision       integer,                  -- of the tenant, which closed it
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX review_request_cause ON review_request (tenant_id, kind, name) WHERE closed_at IS NULL;

CREATE TABLE matter_order (
  tenant_id    text NOT NULL,
  id           text NOT NULL,
  matter       text NOT NULL,              -- name
  action       text NOT NULL,              -- suspend, resume, cancel, merge, delegate
  reason       text NOT NULL,
  basis        text NOT NULL,
  transition   text NOT NULL DEFAULT '',
  successor    text NOT NULL DEFAULT '',   -- name
  delegated_to text NOT NULL DEFAULT '[]',
  kept         boolean NOT NULL DEFAULT false,
  effective_at timestamp NOT NULL,
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
  since     timestamp NOT NULL,
  PRIMARY KEY (tenant_id, alias)
);
CREATE INDEX matter_alias_matter ON matter_alias (tenant_id, matter);

ALTER TABLE tenant ADD COLUMN succeeded_by text NOT NULL DEFAULT '';
ALTER TABLE tenant ADD COLUMN succeeded_on text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX tenant_division ON tenant (division_code) WHERE status = 'active';


-- +goose Down
DROP TABLE configuration_follow;
DROP TABLE review_request;
DROP TABLE matter_order;
DROP TABLE matter_alias;
DROP INDEX tenant_division;
ALTER TABLE tenant DROP COLUMN succeeded_by;
ALTER TABLE tenant DROP COLUMN succeeded_on;
ALTER TABLE configuration_revision DROP COLUMN review_deadline;
ALTER TABLE configuration_revision DROP COLUMN on_overdue;
