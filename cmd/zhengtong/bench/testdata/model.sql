-- A submitted case as small as the schema allows, for the tests of the references.
INSERT INTO matter (tenant_id, id, name, title, item_type, digest, revision, updated_at)
VALUES ('431321', '00000000-0000-7000-8000-000000000001', 'bench-permit', '性能基准事项', 'administrative_licence', 'd', 1, '2026-03-02 01:00:00Z');
INSERT INTO draft (tenant_id, id, account_id, matter_name, case_id, expires_at, created_at, updated_at, row_version)
VALUES ('431321', '00000000-0000-7000-8000-00000000000d', gen_random_uuid(), 'bench-permit', '00000000-0000-7000-8000-00000000000c',
  '2026-06-02 01:00:00Z', '2026-03-02 01:00:00Z', '2026-03-02 01:00:00Z', 2);
INSERT INTO case_file (tenant_id, id, case_no, query_code, status, channel, matter_id, matter_name, matter_title, matter_digest, pins, department,
  applicant_id, applicant, form, form_digest, state, draft_id, received_at, received_on, due_on, created_at, updated_at)
VALUES ('431321', '00000000-0000-7000-8000-00000000000c', '431321-1', 'secret', 'received', 'web', '00000000-0000-7000-8000-000000000001', 'bench-permit',
  '性能基准事项', 'd', '{}', 'scjgj', gen_random_uuid(), '{"name": "湘味", "type": "enterprise"}', '{"area_sqm": 86.5}', 'f', '{}',
  '00000000-0000-7000-8000-00000000000d', '2026-03-02 01:00:00Z', '2026-03-02', '2026-03-09', '2026-03-02 01:00:00Z', '2026-03-02 01:00:00Z');
INSERT INTO task (tenant_id, id, case_id, token, node_id, node_type, visit, title, state, department, role, opened_at)
VALUES ('431321', '00000000-0000-7000-8000-00000000000e', '00000000-0000-7000-8000-00000000000c', 't1', 'acceptance', 'human', 1, '受理', 'in_progress', 'scjgj', 'reviewer', '2026-03-02 01:00:00Z');
INSERT INTO clock (tenant_id, id, case_id, owner_id, kind, party, state, due_on, provisional, body, created_at)
VALUES ('431321', '00000000-0000-7000-8000-00000000000f', '00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-00000000000e', 'stage', 'agency', 'running', '2026-03-03', false, '{}', '2026-03-02 01:00:00Z');
INSERT INTO case_event (tenant_id, case_id, seq, type, actor, at, payload, root, prev_hash, hash, algorithm)
VALUES ('431321', '00000000-0000-7000-8000-00000000000c', 1, 'case.submitted', 'a', '2026-03-02 01:00:00Z', '{}', 'r', '', 'h', 'sha256');
INSERT INTO idempotency (tenant_id, key, principal, body_hash, operation, result, created_at)
VALUES ('431321', 'k', gen_random_uuid(), 'b', '', '{"id": "00000000-0000-7000-8000-00000000000c", "kind": "case"}', '2026-03-02 01:00:00Z');
