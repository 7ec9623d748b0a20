-- +goose Up
-- How often each matter is applied for, by day and channel: hot lists and the usage of a matter read it instead of
-- counting cases (R-CAT-05, R-MGT-05). A day's count is spread over a few rows, so that applications for one matter
-- that commit at the same moment do not wait for one another.
CREATE TABLE matter_usage (
  tenant_id text NOT NULL,
  day       text NOT NULL,             -- civil date in the tenant
  matter_id uuid NOT NULL,
  channel   text NOT NULL,
  spread    integer NOT NULL,          -- 0 to 3, by the id of the case
  submitted integer NOT NULL,
  PRIMARY KEY (tenant_id, day, matter_id, channel, spread)
);
CREATE INDEX matter_usage_matter ON matter_usage (tenant_id, matter_id, day);
ALTER TABLE matter_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE matter_usage FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON matter_usage TO zt_app;
CREATE POLICY own ON matter_usage TO zt_app USING (tenant_id = (SELECT nullif(current_setting('zt.tenant', true), '')));

-- +goose Down
DROP TABLE matter_usage;
