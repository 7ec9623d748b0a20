-- +goose Up
-- Running cases moved to another version of their matter: what was published, and what became of each case.
CREATE TABLE migration (
  tenant_id   text NOT NULL,
  id          text NOT NULL,
  name        text NOT NULL,                -- of the resource
  title       text NOT NULL,
  matter      text NOT NULL,                -- name
  from_digest text NOT NULL,                -- of the version: all that a case is pinned to
  to_digest   text NOT NULL,
  pins        text NOT NULL,                -- kind/name → digest, of the new version
  nodes       text NOT NULL,
  fields      text NOT NULL,
  cases       text NOT NULL,                -- numbers; [] = all that are open
  revision    integer NOT NULL,             -- that published it
  author      text NOT NULL,
  reviewer    text NOT NULL DEFAULT '',
  created_at  timestamp NOT NULL,
  finished_at timestamp,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX migration_name ON migration (tenant_id, name, revision);

CREATE TABLE migration_case (
  tenant_id    text NOT NULL,
  migration_id text NOT NULL,
  case_no      text NOT NULL,
  case_id      text,                        -- NULL: the number is no case's
  outcome      text NOT NULL,               -- moved, refused
  reason       text NOT NULL DEFAULT '',
  body         text NOT NULL,               -- the whole account
  pins_before  text  NOT NULL DEFAULT '{}',  -- of a moved case: what it was pinned to, by which older documents are drawn again
  at           timestamp NOT NULL,
  PRIMARY KEY (tenant_id, migration_id, case_no),
  FOREIGN KEY (tenant_id, migration_id) REFERENCES migration (tenant_id, id)
);
CREATE INDEX migration_case_case ON migration_case (tenant_id, case_id);

-- Open cases of a matter, in a fixed order.
CREATE INDEX case_file_open ON case_file (tenant_id, matter_name, id) WHERE status NOT IN ('ended', 'archived');

-- +goose Down
DROP INDEX case_file_open;
DROP TABLE migration_case;
DROP TABLE migration;
