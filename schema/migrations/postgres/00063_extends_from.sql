-- +goose Up
-- The tenant that a patch names in metadata.extends. extends_tenant is whose resource it found from there upwards; where the
-- two differ, a new resource of the name in between takes its place.
ALTER TABLE configuration_entry ADD COLUMN extends_from text NOT NULL DEFAULT '';
ALTER TABLE configuration_entry NO FORCE ROW LEVEL SECURITY; -- the owner writes the rows of all tenants
ALTER TABLE resource_version NO FORCE ROW LEVEL SECURITY;
UPDATE configuration_entry e SET extends_from = v.body #>> '{metadata,extends,tenant}'
  FROM resource_version v
  WHERE v.tenant_id = e.tenant_id AND v.digest = e.digest AND v.form = 'authored' AND e.parent_digest <> ''
    AND v.body #>> '{metadata,extends,tenant}' IS NOT NULL;
ALTER TABLE configuration_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE resource_version FORCE ROW LEVEL SECURITY;

-- +goose Down
ALTER TABLE configuration_entry DROP COLUMN extends_from;
