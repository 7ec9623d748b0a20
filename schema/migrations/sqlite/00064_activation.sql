-- +goose Up
-- A tenant that is being prepared, or suspended, holds its division code as one in service does.
DROP INDEX tenant_division;
CREATE UNIQUE INDEX tenant_division ON tenant (division_code) WHERE status IN ('draft', 'active', 'suspended');

ALTER TABLE account ADD COLUMN must_change boolean NOT NULL DEFAULT false;  -- the password is a one-time password
ALTER TABLE account ADD COLUMN former_passwords text NOT NULL DEFAULT '[]'; -- hashes, the latest first, as many as the tenant's history asks for

-- +goose Down
ALTER TABLE account DROP COLUMN former_passwords;
ALTER TABLE account DROP COLUMN must_change;
DROP INDEX tenant_division;
CREATE UNIQUE INDEX tenant_division ON tenant (division_code) WHERE status = 'active';
