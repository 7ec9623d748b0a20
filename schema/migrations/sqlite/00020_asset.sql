-- +goose Up
CREATE TABLE asset (
  tenant_id  text NOT NULL,
  sha256     text NOT NULL,
  size       integer NOT NULL,
  mime       text NOT NULL,                 -- announced; once stored, as the bytes tell
  status     text NOT NULL,                 -- requested, stored, refused
  reason     text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamp NOT NULL,
  stored_at  timestamp,
  PRIMARY KEY (tenant_id, sha256)
);

-- +goose Down
DROP TABLE asset;
