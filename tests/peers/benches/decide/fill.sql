-- Other people with two guardians each, their case ids and consents, and the child's consents with them. Ids are
-- sixteen bytes that look random and are the same every time: the number times an odd constant.
PRAGMA cache_size = -{cache};
BEGIN;
CREATE TEMP TABLE someone (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL, first BLOB NOT NULL, second BLOB NOT NULL, individual BLOB NOT NULL
);
WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < {people})
INSERT INTO someone
SELECT n,
       CAST(printf('p%015x', (n * 2654435761) % 4294967296) AS BLOB),
       CAST(printf('f%015x', (n * 2654435761) % 4294967296) AS BLOB),
       CAST(printf('s%015x', (n * 2654435761) % 4294967296) AS BLOB),
       CAST(printf('i%015x', (n * 2654435761) % 4294967296) AS BLOB)
FROM counted;

INSERT INTO person (id, number_hash, number_sealed, name_sealed, custody_source, custody_checked_at, revision)
SELECT id, id, zeroblob(40), zeroblob(40), 1, {now}, 1 FROM someone
UNION ALL SELECT first, first, zeroblob(40), zeroblob(40), NULL, NULL, 1 FROM someone
UNION ALL SELECT second, second, zeroblob(40), zeroblob(40), NULL, NULL, 1 FROM someone;
INSERT INTO guardian (child_id, guardian_id, position)
SELECT id, first, 0 FROM someone UNION ALL SELECT id, second, 1 FROM someone;
INSERT INTO individual (id, person_id, unit_id, name_sealed, created_at)
SELECT individual, id, {unit}, zeroblob(40), {now} FROM someone;

-- Consents in the order in which they were asked for: some are the child's, the others go round the people.
WITH RECURSIVE counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < {consents}),
owned (n, own) AS (SELECT n, {is_own} FROM counted)
INSERT INTO consent (id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at,
                     revision)
SELECT CAST(printf('c%015x', n) AS BLOB),
       CASE WHEN own THEN {child} ELSE someone.individual END,
       CASE WHEN own THEN (SELECT person_id FROM individual WHERE id = {child}) ELSE someone.id END,
       {unit}, {scope}, 2, {now} - 1000000, 1, {now} - 60000000 + n, 3
FROM owned JOIN someone ON someone.number = n % {people};

-- Both guardians' yes, in the portal.
INSERT INTO signatory (subject_id, consent_id, number, person_id, evidence, recorded_by, digest, detail, signed_at)
SELECT consent.person_id, consent.id, guardian.position + 1, guardian.guardian_id, 1, NULL, zeroblob(32), 'sv', {now} - 1000000
FROM consent JOIN guardian ON guardian.child_id = consent.person_id
ORDER BY consent.requested_at, guardian.position;
DROP TABLE temp.someone;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
