-- Consents lie by the person they are about, and so do their signatories and acceptances: what a decision reads about
-- one person stands on neighbouring pages, however many consents the hub holds about others and whenever each came.
--
-- A table `WITHOUT ROWID` is ordered by its primary key; to make it so, it is written anew. Foreign keys are checked
-- when this transaction commits. Both sides of each have an index, or each row written anew would read all others.

PRAGMA defer_foreign_keys = ON;
CREATE INDEX consent_superseding ON consent (supersedes_id) WHERE supersedes_id IS NOT NULL;

CREATE TEMP TABLE former_consent AS SELECT * FROM consent;
CREATE TEMP TABLE former_signatory AS
  SELECT s.*, c.person_id AS subject_id FROM signatory s JOIN consent c ON c.id = s.consent_id;
CREATE TEMP TABLE former_board_signatory AS
  SELECT s.*, c.person_id AS subject_id FROM board_signatory s JOIN consent c ON c.id = s.consent_id;
CREATE TEMP TABLE former_acceptance AS
  SELECT a.*, c.person_id AS subject_id FROM consent_acceptance a JOIN consent c ON c.id = a.consent_id;
DROP TABLE consent_acceptance;
DROP TABLE board_signatory;
DROP TABLE signatory;
DROP TABLE consent;

-- A consent. Its id never changes; everything else moves only as the life cycle allows.
CREATE TABLE consent (
  id            BLOB    NOT NULL UNIQUE,
  individual_id BLOB    NOT NULL REFERENCES individual (id),
  person_id     BLOB    NOT NULL REFERENCES person (id),  -- whom it is about
  requester_id  BLOB    NOT NULL REFERENCES unit (id),
  scope         BLOB    NOT NULL,              -- samrum.consent.v1.Scope, encoded
  state         INTEGER NOT NULL,              -- samrum.consent.v1.ConsentState
  state_at      INTEGER,                       -- since when active, or when it ended
  was_active    INTEGER NOT NULL,              -- 1 when it has been in force
  requested_at  INTEGER NOT NULL,
  revision      INTEGER NOT NULL,
  supersedes_id BLOB    REFERENCES consent (id),  -- whose place it takes once it is in force; immutable
  PRIMARY KEY (person_id, id)
) WITHOUT ROWID;
CREATE INDEX consent_by_individual ON consent (individual_id, id);
CREATE INDEX consent_superseding ON consent (supersedes_id) WHERE supersedes_id IS NOT NULL;

-- Who was asked to sign, and how they answered yes.
CREATE TABLE signatory (
  subject_id    BLOB    NOT NULL,              -- the consent's `person_id`
  consent_id    BLOB    NOT NULL,
  number        INTEGER NOT NULL,              -- from 1
  person_id     BLOB    NOT NULL REFERENCES person (id),  -- who is asked
  evidence      INTEGER,                       -- samrum.consent.v1.EvidenceKind; null: no yes yet
  recorded_by   BLOB,                          -- unit that recorded paper or oral evidence
  digest        BLOB,                          -- SHA-256 of the statement shown or of the scan
  detail        TEXT,                          -- language, or the two witnesses' user ids, newline between
  signed_at     INTEGER,
  PRIMARY KEY (subject_id, consent_id, number),
  FOREIGN KEY (subject_id, consent_id) REFERENCES consent (person_id, id)
) WITHOUT ROWID;
CREATE INDEX signatory_by_person ON signatory (person_id);

-- A board that is asked under LVU 11 §, beside the people in `signatory`; numbers are shared with them.
CREATE TABLE board_signatory (
  subject_id    BLOB    NOT NULL,              -- the consent's `person_id`
  consent_id    BLOB    NOT NULL,
  number        INTEGER NOT NULL,
  authority_id  BLOB    NOT NULL REFERENCES authority (id),
  evidence      INTEGER,
  recorded_by   BLOB,
  digest        BLOB,
  detail        TEXT,
  signed_at     INTEGER,
  PRIMARY KEY (subject_id, consent_id, number),
  FOREIGN KEY (subject_id, consent_id) REFERENCES consent (person_id, id)
) WITHOUT ROWID;

-- Authorities that have accepted evidence which another unit recorded.
CREATE TABLE consent_acceptance (
  subject_id   BLOB NOT NULL,                  -- the consent's `person_id`
  consent_id   BLOB NOT NULL,
  authority_id BLOB NOT NULL REFERENCES authority (id),
  PRIMARY KEY (subject_id, consent_id, authority_id),
  FOREIGN KEY (subject_id, consent_id) REFERENCES consent (person_id, id)
) WITHOUT ROWID;

INSERT INTO consent (id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at,
                     revision, supersedes_id)
SELECT id, individual_id, person_id, requester_id, scope, state, state_at, was_active, requested_at, revision,
       supersedes_id
FROM former_consent ORDER BY person_id, id;
INSERT INTO signatory (subject_id, consent_id, number, person_id, evidence, recorded_by, digest, detail, signed_at)
SELECT subject_id, consent_id, number, person_id, evidence, recorded_by, digest, detail, signed_at
FROM former_signatory ORDER BY subject_id, consent_id, number;
INSERT INTO board_signatory (subject_id, consent_id, number, authority_id, evidence, recorded_by, digest, detail,
                             signed_at)
SELECT subject_id, consent_id, number, authority_id, evidence, recorded_by, digest, detail, signed_at
FROM former_board_signatory;
INSERT INTO consent_acceptance (subject_id, consent_id, authority_id)
SELECT subject_id, consent_id, authority_id FROM former_acceptance;

DROP TABLE temp.former_acceptance;
DROP TABLE temp.former_board_signatory;
DROP TABLE temp.former_signatory;
DROP TABLE temp.former_consent;
