-- +goose Up
-- The second wall between tenants (docs/architecture.md I3). Two roles that own nothing and cannot log in: a pool's
-- connections run SET ROLE, so that one URL is enough to start with; a production deployer grants the roles to
-- log-ins of his own and keeps the owner's for migrations.
--   zt_app    sees the tenant named by the setting zt.tenant; without it, nothing
--   zt_relay  sees every tenant, but only the columns it needs to dispatch work

-- +goose StatementBegin
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['zt_app', 'zt_relay'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', r);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- roles belong to the whole server: another database's migration was faster
      END;
    END IF;
    IF NOT pg_has_role(current_user, r, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', r);
    END IF;
  END LOOP;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO zt_app, zt_relay', current_schema());
END $$;
-- +goose StatementEnd

-- zt_require stops a pipelined batch when a statement did not change exactly one row: the version it expected is
-- gone. The reason travels as the message.
-- +goose StatementBegin
CREATE FUNCTION zt_require(n bigint, reason text DEFAULT 'stale_version') RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  IF n IS DISTINCT FROM 1 THEN
    RAISE EXCEPTION USING ERRCODE = 'ZT001', MESSAGE = reason;
  END IF;
  RETURN true;
END $$;
-- +goose StatementEnd

-- Every table is closed, partitions and future owners included, before the exceptions below open it.
-- +goose StatementBegin
DO $$
DECLARE t record;
BEGIN
  FOR t IN
    SELECT c.relname, c.relispartition, EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS has_tenant
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname NOT LIKE 'goose%'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.relname);
    CONTINUE WHEN t.relispartition; -- reached through its parent only: no grant, no policy
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO zt_app', t.relname);
    CONTINUE WHEN NOT t.has_tenant;
    EXECUTE format(
      'CREATE POLICY own ON %I TO zt_app USING (tenant_id = (SELECT nullif(current_setting(''zt.tenant'', true), '''')))',
      t.relname);
  END LOOP;
END $$;
-- +goose StatementEnd

-- What is written once stays written. An event's payload may be erased by law; its chain still verifies.
REVOKE UPDATE, DELETE ON case_event, audit_log, resource_version, configuration_revision FROM zt_app;
GRANT UPDATE (payload) ON case_event TO zt_app;
REVOKE DELETE ON tenant, case_file, issued_document, licence, archive_package, number_series, virtual_clock FROM zt_app;

-- The register of tenants is public; a tenant's own row is its own to write.
CREATE POLICY register ON tenant FOR SELECT TO zt_app USING (true);

-- A grant is seen by the one that receives it.
CREATE POLICY received ON tenant_grant FOR SELECT TO zt_app
  USING (to_tenant = (SELECT nullif(current_setting('zt.tenant', true), '')));

-- Configuration is inherited: a tenant reads its ancestors', and who extends its own.
CREATE POLICY inherited ON resource_version FOR SELECT TO zt_app
  USING (tenant_id = ANY ((SELECT string_to_array(current_setting('zt.lineage', true), '/'))::text[]));
CREATE POLICY inherited ON configuration_revision FOR SELECT TO zt_app
  USING (tenant_id = ANY ((SELECT string_to_array(current_setting('zt.lineage', true), '/'))::text[]));
CREATE POLICY inherited ON configuration_entry FOR SELECT TO zt_app
  USING (tenant_id = ANY ((SELECT string_to_array(current_setting('zt.lineage', true), '/'))::text[]));
CREATE POLICY inherited ON configuration_head FOR SELECT TO zt_app
  USING (tenant_id = ANY ((SELECT string_to_array(current_setting('zt.lineage', true), '/'))::text[]));
CREATE POLICY extended ON configuration_entry FOR SELECT TO zt_app
  USING (extends_tenant = (SELECT nullif(current_setting('zt.tenant', true), '')));

-- Virtual time belongs to the installation.
CREATE POLICY shared ON virtual_clock TO zt_app USING (true);

-- The relay dispatches for all tenants and reads nobody's content: no payload, no key, no reason.
GRANT SELECT (tenant_id, id, topic, case_id, state, created_at, dispatched_at),
      UPDATE (state, dispatched_at) ON outbox TO zt_relay;
GRANT SELECT (tenant_id, id, case_id, clock_id, rung, fire_at, state, fired_at),
      UPDATE (state) ON timer TO zt_relay;
GRANT SELECT (tenant_id, id, type, case_id, state, attempt, run_at, lease_until, created_at, done_at),
      UPDATE (state, attempt, run_at, lease_until, reason) ON job TO zt_relay;
GRANT SELECT ON configuration_head TO zt_relay;
CREATE POLICY relay ON outbox TO zt_relay USING (true);
CREATE POLICY relay ON timer TO zt_relay USING (true);
CREATE POLICY relay ON job TO zt_relay USING (true);
CREATE POLICY relay ON configuration_head FOR SELECT TO zt_relay USING (true);

-- +goose Down
-- The roles stay: they belong to the server, not to this database.
-- +goose StatementBegin
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP POLICY %I ON %I', t.policyname, t.tablename);
  END LOOP;
  FOR t IN SELECT relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname NOT LIKE 'goose%'
  LOOP
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', t.relname);
    EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', t.relname);
  END LOOP;
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM zt_app, zt_relay', current_schema());
  EXECUTE format('REVOKE ALL ON SCHEMA %I FROM zt_app, zt_relay', current_schema());
END $$;
-- +goose StatementEnd
DROP FUNCTION zt_require(bigint, text);
