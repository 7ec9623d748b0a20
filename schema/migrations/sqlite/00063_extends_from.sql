-- +goose Up
-- The tenant that a patch names in metadata.extends. extends_tenant is whose resource it found from there upwards; where the
-- two differ, a new resource of the name in between takes its place.
ALTER TABLE configuration_entry ADD COLUMN extends_from text NOT NULL DEFAULT '';
UPDATE configuration_entry SET extends_from = COALESCE((SELECT json_extract(v.body, '$.metadata.extends.tenant') FROM resource_version v
  WHERE v.tenant_id = configuration_entry.tenant_id AND v.digest = configuration_entry.digest AND v.form = 'authored'), '')
  WHERE parent_digest <> '';

-- +goose Down
ALTER TABLE configuration_entry DROP COLUMN extends_from;
