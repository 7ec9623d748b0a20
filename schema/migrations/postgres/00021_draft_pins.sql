-- +goose Up
-- What a draft was last saved under: kind/name → effective digest. A draft is not pinned; the digests tell what has
-- changed since.
ALTER TABLE draft ADD COLUMN pins jsonb NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE draft DROP COLUMN pins;
