-- +goose Up
-- See postgres/00051_matter_usage.sql.
CREATE TABLE matter_usage (
  tenant_id text NOT NULL,
  day       text NOT NULL,             -- civil date in the tenant
  matter_id text NOT NULL,
  channel   text NOT NULL,
  spread    integer NOT NULL,          -- 0 to 3, by the id of the case
  submitted integer NOT NULL,
  PRIMARY KEY (tenant_id, day, matter_id, channel, spread)
);
CREATE INDEX matter_usage_matter ON matter_usage (tenant_id, matter_id, day);

-- +goose Down
DROP TABLE matter_usage;
