-- +goose Up
-- Every table is keyed by (tenant_id, id); unique constraints and foreign keys carry the tenant, so that
-- the database can be sharded by tenant_id. Instants are timestamptz, civil dates are text 'YYYY-MM-DD',
-- tenant_id is the tenant's code ('national', '431321'). Row-level security follows in 00002.
-- Foreign keys are checked at commit, so that a batch may write its rows in any order. Unique constraints keep
-- PostgreSQL's default names (table_columns_key): internal/db gives the same names to SQLite's refusals.

-- ---------- tenants and people ----------
CREATE TABLE tenant (
  tenant_id     text PRIMARY KEY,
  division_code text NOT NULL,
  title         text NOT NULL,
  level         text NOT NULL,
  parent_id     text NOT NULL DEFAULT '',
  lineage       text NOT NULL,             -- 'national/430000/431300/431321', root first, itself last
  status        text NOT NULL DEFAULT 'active',
  timezone      text NOT NULL DEFAULT 'Asia/Shanghai',
  created_at    timestamptz NOT NULL,
  row_version   integer NOT NULL DEFAULT 1
);
CREATE INDEX tenant_parent ON tenant (parent_id, tenant_id);

CREATE TABLE tenant_grant (
  tenant_id   text NOT NULL,               -- the tenant that gives
  id          uuid NOT NULL,
  to_tenant   text NOT NULL,
  scope       text NOT NULL,               -- supervise, handle, receive, statistics, configuration
  matters     jsonb NOT NULL DEFAULT '[]',
  valid_from  text NOT NULL,
  valid_to    text NOT NULL DEFAULT '',
  basis       text NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE account (
  tenant_id     text NOT NULL,             -- applicants: national; staff: their tenant
  id            uuid NOT NULL,
  type          text NOT NULL,             -- natural_person, legal_person, other_org, staff, device, system
  login         text NOT NULL,
  password_hash text NOT NULL DEFAULT '',
  level         text NOT NULL DEFAULT 'L1',
  status        text NOT NULL DEFAULT 'active',
  failures      integer NOT NULL DEFAULT 0,
  locked_until  timestamptz,
  name          text NOT NULL DEFAULT '',
  id_type       text NOT NULL DEFAULT '',
  id_no_enc     text NOT NULL DEFAULT '',
  id_no_bidx    text NOT NULL DEFAULT '',
  uscc          text NOT NULL DEFAULT '',
  object_type   text NOT NULL DEFAULT '',  -- service_objects: natural_person, enterprise, individual_business, …
  legal_rep     text NOT NULL DEFAULT '',
  mobile_enc    text NOT NULL DEFAULT '',
  mobile_bidx   text NOT NULL DEFAULT '',
  email_enc     text NOT NULL DEFAULT '',
  email_bidx    text NOT NULL DEFAULT '',
  profile       jsonb NOT NULL DEFAULT '{}',
  created_at    timestamptz NOT NULL,
  row_version   integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, login)
);

CREATE TABLE session (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  account_id  uuid NOT NULL,
  token_hash  text NOT NULL,
  created_at  timestamptz NOT NULL,
  last_seen   timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  revoked_at  timestamptz,
  address     text NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX session_account ON session (tenant_id, account_id);

CREATE TABLE staff (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  account_id  uuid NOT NULL,
  staff_no    text NOT NULL,
  name        text NOT NULL,
  department  text NOT NULL,
  division    text NOT NULL DEFAULT '',
  status      text NOT NULL DEFAULT 'active',
  relatives   jsonb NOT NULL DEFAULT '[]',  -- declared related parties (recusal): account ids or USCCs
  epoch       integer NOT NULL DEFAULT 1,   -- bumped when a binding changes
  created_at  timestamptz NOT NULL,
  row_version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, staff_no),
  UNIQUE (tenant_id, account_id),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE role_binding (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  staff_id    uuid NOT NULL,
  role        text NOT NULL,
  department  text NOT NULL DEFAULT '',     -- where the role is held; '' = the staff member's own department
  valid_from  text NOT NULL DEFAULT '',
  valid_to    text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX role_binding_staff ON role_binding (tenant_id, staff_id);
CREATE INDEX role_binding_role ON role_binding (tenant_id, role, department);

CREATE TABLE mandate (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  from_account uuid NOT NULL,
  to_account   uuid NOT NULL,
  matters      jsonb NOT NULL DEFAULT '[]', -- empty = all
  valid_from   text NOT NULL,
  valid_to     text NOT NULL DEFAULT '',
  status       text NOT NULL DEFAULT 'active',
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- ---------- configuration ----------
CREATE TABLE resource_version (
  tenant_id  text NOT NULL,
  digest     text NOT NULL,
  kind       text NOT NULL,
  name       text NOT NULL,
  form       text NOT NULL,                 -- authored | effective
  body       jsonb NOT NULL,                -- canonical JSON of {metadata, spec}
  provenance jsonb NOT NULL DEFAULT '{}',   -- path → tenant, of an effective document
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, digest, form)
);
CREATE TABLE configuration_revision (
  tenant_id       text NOT NULL,
  number          integer NOT NULL,
  message         text NOT NULL,
  author          text NOT NULL,
  reviewer        text NOT NULL DEFAULT '',
  change_id       uuid,
  rolled_back_to  integer,
  effective_from  timestamptz NOT NULL,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, number)
);
CREATE TABLE configuration_entry (
  tenant_id        text NOT NULL,
  kind             text NOT NULL,
  name             text NOT NULL,
  from_revision    integer NOT NULL,
  to_revision      integer,                 -- exclusive; null = current
  digest           text NOT NULL,           -- authored version
  effective_digest text NOT NULL,           -- after inheritance; what cases pin
  extends_tenant   text NOT NULL DEFAULT '',
  extends_name     text NOT NULL DEFAULT '',
  parent_digest    text NOT NULL DEFAULT '', -- effective digest of the ancestor it was resolved against
  PRIMARY KEY (tenant_id, kind, name, from_revision)
);
CREATE INDEX configuration_entry_current ON configuration_entry (tenant_id, kind, name) WHERE to_revision IS NULL;
CREATE INDEX configuration_entry_extends ON configuration_entry (extends_tenant, kind, extends_name) WHERE to_revision IS NULL;
CREATE TABLE configuration_head (
  tenant_id   text PRIMARY KEY,
  revision    integer NOT NULL,
  sequence    bigint NOT NULL,              -- of the installation: every node polls max(sequence)
  updated_at  timestamptz NOT NULL
);
CREATE INDEX configuration_head_sequence ON configuration_head (sequence);
CREATE TABLE change_request (
  tenant_id      text NOT NULL,
  id             uuid NOT NULL,
  state          text NOT NULL,             -- in_review, approved, rejected, published
  message        text NOT NULL,
  files          jsonb NOT NULL,
  deletes        jsonb NOT NULL DEFAULT '[]',
  report         jsonb NOT NULL DEFAULT '{}',
  plan           jsonb NOT NULL DEFAULT '{}',
  base_revision  integer NOT NULL,
  author         text NOT NULL,
  reviewer       text NOT NULL DEFAULT '',
  reason         text NOT NULL DEFAULT '',
  effective_from timestamptz,
  revision       integer,
  created_at     timestamptz NOT NULL,
  decided_at     timestamptz,
  row_version    integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE TABLE matter (                       -- projection of published, concrete matters
  tenant_id           text NOT NULL,
  id                  uuid NOT NULL,
  name                text NOT NULL,
  title               text NOT NULL,
  basic_code          text NOT NULL DEFAULT '',
  implementation_code text NOT NULL DEFAULT '',
  item_type           text NOT NULL,
  case_type           text NOT NULL DEFAULT '',
  department          text NOT NULL DEFAULT '',
  department_title    text NOT NULL DEFAULT '',
  line                text NOT NULL DEFAULT '',
  level               text NOT NULL DEFAULT '',
  audiences           jsonb NOT NULL DEFAULT '[]',
  themes              jsonb NOT NULL DEFAULT '[]',
  channels            jsonb NOT NULL DEFAULT '[]',
  status              text NOT NULL DEFAULT 'published', -- published, suspended, cancelled
  public_listed       boolean NOT NULL DEFAULT true,
  digest              text NOT NULL,        -- effective digest of the Matter
  revision            integer NOT NULL,
  search              text NOT NULL DEFAULT '', -- bigrams, pinyin, initials, space separated
  updated_at          timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);
CREATE INDEX matter_search ON matter USING gin (to_tsvector('simple', search));
CREATE INDEX matter_title ON matter (tenant_id, title, id);

-- ---------- handling ----------
CREATE TABLE draft (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  account_id  uuid NOT NULL,
  matter_name text NOT NULL,
  form        jsonb NOT NULL DEFAULT '{}',
  materials   jsonb NOT NULL DEFAULT '[]',
  case_id     uuid,                         -- set when submitted
  expires_at  timestamptz NOT NULL,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  row_version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX draft_account ON draft (tenant_id, account_id);

CREATE TABLE file_object (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  owner_id    uuid NOT NULL,                -- draft or case
  material    text NOT NULL,
  filename    text NOT NULL,
  size        bigint NOT NULL,
  mime        text NOT NULL,
  sha256      text NOT NULL,
  status      text NOT NULL,                -- requested, stored, refused
  reason      text NOT NULL DEFAULT '',
  created_by  uuid NOT NULL,
  created_at  timestamptz NOT NULL,
  stored_at   timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX file_object_owner ON file_object (tenant_id, owner_id);

CREATE TABLE case_file (
  tenant_id      text NOT NULL,
  id             uuid NOT NULL,
  case_no        text NOT NULL,
  query_code     text NOT NULL,             -- secret: shown to the owner only
  status         text NOT NULL,             -- SM-05
  outcome        text NOT NULL DEFAULT '',
  finish_code    text NOT NULL DEFAULT '',
  source         text NOT NULL DEFAULT 'native',
  channel        text NOT NULL,
  delivery       text NOT NULL DEFAULT '',
  matter_id      uuid NOT NULL,
  matter_name    text NOT NULL,
  matter_title   text NOT NULL,
  matter_digest  text NOT NULL,
  pins           jsonb NOT NULL,            -- kind/name → effective digest, of everything pinned at submission
  department     text NOT NULL,
  applicant_id   uuid NOT NULL,             -- account in the realm
  applicant      jsonb NOT NULL,            -- {type, name, level, is_agent, uscc, id_type} as at submission
  agent_id       uuid,
  project_name   text NOT NULL DEFAULT '',
  form           jsonb NOT NULL,
  form_digest    text NOT NULL,
  facts          jsonb NOT NULL DEFAULT '{}',
  state          jsonb NOT NULL,            -- marking of the workflow net
  draft_id       uuid,
  received_at    timestamptz NOT NULL,
  received_on    text NOT NULL,             -- civil receipt date by T-03
  accepted_on    text NOT NULL DEFAULT '',
  deemed         boolean NOT NULL DEFAULT false,
  decided_on     text NOT NULL DEFAULT '',
  promised_due   text NOT NULL DEFAULT '',
  statutory_due  text NOT NULL DEFAULT '',
  due_on         text NOT NULL DEFAULT '',  -- the nearest running case clock, for lists
  finished_at    timestamptz,
  archived_at    timestamptz,
  event_seq      bigint NOT NULL DEFAULT 0,
  event_hash     text NOT NULL DEFAULT '',
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  row_version    integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, case_no),
  UNIQUE (tenant_id, draft_id)
);
CREATE INDEX case_file_list ON case_file (tenant_id, created_at DESC, id DESC);
CREATE INDEX case_file_status ON case_file (tenant_id, status, created_at DESC, id DESC);
CREATE INDEX case_file_department ON case_file (tenant_id, department, created_at DESC, id DESC);
CREATE INDEX case_file_applicant ON case_file (tenant_id, applicant_id);

CREATE TABLE case_material (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  case_id      uuid NOT NULL,
  ref          text NOT NULL,
  title        text NOT NULL,
  required     boolean NOT NULL,
  status       text NOT NULL,               -- missing, submitted, accepted, defective, waived, committed, tolerated, reused
  files        jsonb NOT NULL DEFAULT '[]', -- [{id, filename, size, mime, sha256}]
  due_on       text NOT NULL DEFAULT '',
  fulfilled_by text NOT NULL DEFAULT '',
  defect_note  text NOT NULL DEFAULT '',
  corrected    boolean NOT NULL DEFAULT false,
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, case_id, ref),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE task (
  tenant_id       text NOT NULL,
  id              uuid NOT NULL,
  case_id         uuid NOT NULL,
  token           text NOT NULL,            -- of the net
  node_id         text NOT NULL,
  node_type       text NOT NULL,            -- human, wait, special, payment, auto, external, subcase, abnormal
  visit           integer NOT NULL,
  title           text NOT NULL,
  state           text NOT NULL,            -- offered, in_progress, done, cancelled, skipped (SM-06)
  department      text NOT NULL DEFAULT '',
  role            text NOT NULL DEFAULT '',
  assignee        uuid,                     -- staff
  minimum_persons integer NOT NULL DEFAULT 1,
  due_on          text NOT NULL DEFAULT '',
  action          text NOT NULL DEFAULT '',
  opinion         text NOT NULL DEFAULT '',
  fields          jsonb NOT NULL DEFAULT '{}',
  actor           uuid,
  opened_at       timestamptz NOT NULL,
  closed_at       timestamptz,
  row_version     integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX task_case ON task (tenant_id, case_id, opened_at);
CREATE INDEX task_assignee ON task (tenant_id, assignee, due_on, id) WHERE state = 'in_progress';
CREATE INDEX task_assigned ON task (tenant_id, assignee, opened_at);
CREATE INDEX task_offered ON task (tenant_id, department, role, due_on, id) WHERE state = 'offered';

CREATE TABLE correction (
  tenant_id        text NOT NULL,
  id               uuid NOT NULL,
  case_id          uuid NOT NULL,
  sequence         integer NOT NULL,
  items            jsonb NOT NULL,          -- [{material, requirement, was_reviewable_before}]
  reason           text NOT NULL,
  status           text NOT NULL,           -- issued, satisfied, expired, closed (SM-07)
  issued_by        uuid,
  issued_at        timestamptz NOT NULL,
  applicant_due_on text NOT NULL,
  resubmitted_at   timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, case_id, sequence),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE special_run (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  case_id      uuid NOT NULL,
  token        text NOT NULL DEFAULT '',
  procedure    text NOT NULL,
  type         text NOT NULL,
  status       text NOT NULL,               -- requested, approved, running, completed, overrun, rejected, cancelled (SM-08)
  reason       text NOT NULL DEFAULT '',
  requested_by uuid,
  approved_by  uuid,
  started_on   text NOT NULL DEFAULT '',
  earliest_on  text NOT NULL DEFAULT '',
  expected_on  text NOT NULL DEFAULT '',
  ended_on     text NOT NULL DEFAULT '',
  result       text NOT NULL DEFAULT '',
  report       jsonb NOT NULL DEFAULT '{}',
  executors    jsonb NOT NULL DEFAULT '[]',
  created_at   timestamptz NOT NULL,
  row_version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX special_run_case ON special_run (tenant_id, case_id);

CREATE TABLE extension (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  case_id      uuid NOT NULL,
  clock_id     uuid NOT NULL,
  n            integer NOT NULL,
  unit         text NOT NULL,
  reason       text NOT NULL,
  status       text NOT NULL,               -- requested, effective, rejected, lapsed (SM-09)
  requested_by uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  decided_by   uuid,
  decided_at   timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX extension_case ON extension (tenant_id, case_id);

CREATE TABLE clock (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  case_id     uuid NOT NULL,
  owner_id    uuid NOT NULL,                -- case, task, correction or special run
  kind        text NOT NULL,
  party       text NOT NULL,
  state       text NOT NULL,
  due_on      text NOT NULL,
  provisional boolean NOT NULL,
  body        jsonb NOT NULL,               -- the whole clock with its ledger of suspensions and extensions
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX clock_case ON clock (tenant_id, case_id);

CREATE TABLE timer (
  tenant_id  text NOT NULL,
  id         uuid NOT NULL,
  case_id    uuid NOT NULL,
  clock_id   uuid NOT NULL,
  rung       text NOT NULL,                 -- warning, expiry, …
  fire_at    timestamptz NOT NULL,
  state      text NOT NULL,                 -- waiting, dispatched, fired, cancelled
  fired_at   timestamptz,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, clock_id, rung),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX timer_due ON timer (fire_at) WHERE state = 'waiting';
CREATE INDEX timer_case ON timer (tenant_id, case_id);

CREATE TABLE number_series (
  tenant_id text NOT NULL,
  key       text NOT NULL,
  next      bigint NOT NULL,                -- the last number given
  PRIMARY KEY (tenant_id, key)
);

CREATE TABLE issued_document (
  tenant_id       text NOT NULL,
  id              uuid NOT NULL,
  case_id         uuid NOT NULL,
  task_id         uuid,
  action          text NOT NULL DEFAULT '',
  alias           text NOT NULL,
  template        text NOT NULL,
  template_digest text NOT NULL,
  class           text NOT NULL,            -- receipt, notice, decision, internal
  title           text NOT NULL,
  series          text NOT NULL DEFAULT '',
  seq             bigint NOT NULL DEFAULT 0,
  number          text NOT NULL DEFAULT '',
  field_values    text NOT NULL,            -- canonical JSON: same record, same bytes
  content_digest  text NOT NULL,
  seal            text NOT NULL DEFAULT '',
  case_version    integer NOT NULL,
  civil_date      text NOT NULL,
  issued_at       timestamptz NOT NULL,
  issued_by       text NOT NULL,            -- staff id or 'system'
  used_at         timestamptz,              -- when its action was taken
  voided_at       timestamptz,
  voided_reason   text NOT NULL DEFAULT '',
  file_digest     text NOT NULL DEFAULT '',
  file_size       bigint NOT NULL DEFAULT 0,
  rendered_at     timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX issued_document_case ON issued_document (tenant_id, case_id);
CREATE UNIQUE INDEX issued_document_tenant_id_series_seq_key ON issued_document (tenant_id, series, seq) WHERE seq > 0;

CREATE TABLE delivery_record (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  case_id     uuid NOT NULL,
  way         text NOT NULL,                -- pickup, courier, electronic
  tracking_no text NOT NULL DEFAULT '',
  receiver    text NOT NULL DEFAULT '',
  id_last4    text NOT NULL DEFAULT '',
  evidence    jsonb NOT NULL DEFAULT '{}',
  at          timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX delivery_record_case ON delivery_record (tenant_id, case_id);

CREATE TABLE licence (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  identifier   text NOT NULL,
  licence_no   text NOT NULL,
  type         text NOT NULL,
  type_code    text NOT NULL,
  title        text NOT NULL,
  case_id      uuid NOT NULL,
  holder_id    uuid NOT NULL,
  holder_name  text NOT NULL,
  status       text NOT NULL,               -- SM-11
  valid_from   text NOT NULL,
  valid_to     text NOT NULL DEFAULT '',
  issued_on    text NOT NULL,
  version      integer NOT NULL DEFAULT 1,
  data         text NOT NULL,               -- canonical JSON of the fields of the current version
  public_data  text NOT NULL DEFAULT '{}',
  data_digest  text NOT NULL,
  signature    text NOT NULL DEFAULT '',
  qr           text NOT NULL DEFAULT '',
  file_digest  text NOT NULL DEFAULT '',
  file_size    bigint NOT NULL DEFAULT 0,
  created_at   timestamptz NOT NULL,
  row_version  integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, identifier),
  UNIQUE (tenant_id, type, licence_no),
  UNIQUE (tenant_id, case_id, type)
);
CREATE TABLE licence_index (                -- realm: where a nationally unique identifier is kept
  tenant_id      text NOT NULL,
  identifier     text NOT NULL,
  licence_tenant text NOT NULL,
  licence_id     uuid NOT NULL,
  PRIMARY KEY (tenant_id, identifier)
);

CREATE TABLE archive_package (
  tenant_id       text NOT NULL,
  id              uuid NOT NULL,
  case_id         uuid NOT NULL,
  archive_class   text NOT NULL,
  digest          text NOT NULL,
  root            text NOT NULL,
  size            bigint NOT NULL,
  items           integer NOT NULL,
  retention_until text NOT NULL DEFAULT '', -- '' = permanent
  status          text NOT NULL,            -- SM-16: packaged, filed, …
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, case_id),
  FOREIGN KEY (tenant_id, case_id) REFERENCES case_file (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE linked_case (
  tenant_id    text NOT NULL,               -- the overseer
  case_tenant  text NOT NULL,
  case_id      uuid NOT NULL,
  case_no      text NOT NULL,
  matter_title text NOT NULL,
  department   text NOT NULL,
  applicant    text NOT NULL,               -- masked
  status       text NOT NULL,
  outcome      text NOT NULL DEFAULT '',
  received_on  text NOT NULL,
  accepted_on  text NOT NULL DEFAULT '',
  due_on       text NOT NULL DEFAULT '',
  finished_on  text NOT NULL DEFAULT '',
  case_version integer NOT NULL,
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, case_tenant, case_id)
);
CREATE INDEX linked_case_list ON linked_case (tenant_id, updated_at DESC, case_id DESC);

CREATE TABLE my_case (
  tenant_id    text NOT NULL,               -- the realm
  account_id   uuid NOT NULL,
  case_tenant  text NOT NULL,
  case_id      uuid NOT NULL,
  case_no      text NOT NULL,
  matter_title text NOT NULL,
  status       text NOT NULL,
  submitted_at timestamptz NOT NULL,
  case_version integer NOT NULL,
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, account_id, case_tenant, case_id)
);
CREATE INDEX my_case_list ON my_case (tenant_id, account_id, submitted_at DESC, case_id DESC);

CREATE TABLE idempotency (
  tenant_id  text NOT NULL,
  key        text NOT NULL,
  principal  uuid NOT NULL,
  body_hash  text NOT NULL,
  operation  text NOT NULL,
  result     jsonb NOT NULL,                -- {kind, id}
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, principal, key)
);

CREATE TABLE virtual_clock (
  id         integer PRIMARY KEY CHECK (id = 1),
  instant    timestamptz NOT NULL
);

-- ---------- partitioned by time: a partition a year (UTC), and one for all else ----------
CREATE TABLE case_event (
  tenant_id   text NOT NULL,
  case_id     uuid NOT NULL,
  seq         bigint NOT NULL,
  type        text NOT NULL,
  actor       text NOT NULL,
  acting_role text NOT NULL DEFAULT '',
  at          timestamptz NOT NULL,
  payload     text NOT NULL,                -- canonical JSON {field: {salt, value}}
  root        text NOT NULL,
  prev_hash   text NOT NULL,
  hash        text NOT NULL,
  algorithm   text NOT NULL,
  PRIMARY KEY (tenant_id, case_id, seq, at)
) PARTITION BY RANGE (at);
CREATE TABLE outbox (
  tenant_id    text NOT NULL,
  id           uuid NOT NULL,
  topic        text NOT NULL,
  case_id      uuid,
  payload      jsonb NOT NULL,
  state        text NOT NULL DEFAULT 'pending', -- pending, dispatched
  created_at   timestamptz NOT NULL,
  dispatched_at timestamptz,
  PRIMARY KEY (tenant_id, id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX outbox_pending ON outbox (created_at, id) WHERE state = 'pending';
CREATE TABLE job (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  type        text NOT NULL,
  key         text NOT NULL,                -- stable key of the effect, for the far side
  case_id     uuid,
  payload     jsonb NOT NULL,
  state       text NOT NULL DEFAULT 'pending', -- pending, dispatched, done, dead
  attempt     integer NOT NULL DEFAULT 0,
  run_at      timestamptz NOT NULL,
  lease_until timestamptz,
  reason      text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL,
  done_at     timestamptz,
  PRIMARY KEY (tenant_id, id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX job_due ON job (state, run_at) WHERE state IN ('pending', 'dispatched');
CREATE INDEX job_case ON job (tenant_id, case_id);
CREATE TABLE message (
  tenant_id   text NOT NULL,
  id          uuid NOT NULL,
  account_id  uuid NOT NULL,
  channel     text NOT NULL,                -- inbox, email, sms, app
  template    text NOT NULL,
  event       text NOT NULL,
  case_tenant text NOT NULL DEFAULT '',
  case_id     uuid,
  title       text NOT NULL,
  body        text NOT NULL,
  status      text NOT NULL,                -- pending, sent, failed, read
  attempts    integer NOT NULL DEFAULT 0,
  reason      text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL,
  sent_at     timestamptz,
  read_at     timestamptz,
  PRIMARY KEY (tenant_id, id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX message_inbox ON message (tenant_id, account_id, created_at DESC, id DESC);
CREATE TABLE audit_log (
  tenant_id  text NOT NULL,
  id         uuid NOT NULL,
  at         timestamptz NOT NULL,
  actor      text NOT NULL,
  home       text NOT NULL,                 -- tenant of the actor
  action     text NOT NULL,
  object     text NOT NULL,
  detail     jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, id, at)
) PARTITION BY RANGE (at);

-- +goose StatementBegin
DO $$
DECLARE parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['case_event', 'outbox', 'job', 'message', 'audit_log'] LOOP
    FOR year IN 2023..2031 LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || '_' || year, parent, year || '-01-01 00:00:00+00', year + 1 || '-01-01 00:00:00+00');
    END LOOP;
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
  END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit_log;
DROP TABLE message;
DROP TABLE job;
DROP TABLE outbox;
DROP TABLE case_event;
DROP TABLE virtual_clock;
DROP TABLE idempotency;
DROP TABLE my_case;
DROP TABLE linked_case;
DROP TABLE archive_package;
DROP TABLE licence_index;
DROP TABLE licence;
DROP TABLE delivery_record;
DROP TABLE issued_document;
DROP TABLE number_series;
DROP TABLE timer;
DROP TABLE clock;
DROP TABLE extension;
DROP TABLE special_run;
DROP TABLE correction;
DROP TABLE task;
DROP TABLE case_material;
DROP TABLE case_file;
DROP TABLE file_object;
DROP TABLE draft;
DROP TABLE matter;
DROP TABLE change_request;
DROP TABLE configuration_head;
DROP TABLE configuration_entry;
DROP TABLE configuration_revision;
DROP TABLE resource_version;
DROP TABLE mandate;
DROP TABLE role_binding;
DROP TABLE staff;
DROP TABLE session;
DROP TABLE account;
DROP TABLE tenant_grant;
DROP TABLE tenant;
