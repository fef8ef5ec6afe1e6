-- What professionals and operators record about a person, each with who answers for it.

-- A fact as it was recorded. Immutable but for the attestation; erased with the person.
CREATE TABLE fact (
  id          BLOB    PRIMARY KEY NOT NULL,    -- the entry that records it
  person_id   BLOB    NOT NULL REFERENCES person (id),
  unit_id     BLOB    REFERENCES unit (id),    -- who answers for it; null: read from register or court
  recorded_by TEXT    NOT NULL,                -- the professional's user id at the unit, or the operator
  recorded_at INTEGER NOT NULL,
  attested_by TEXT,                            -- another professional of the unit; null: nobody yet
  attested_at INTEGER,
  sealed      BLOB    NOT NULL                 -- what was found, as JSON, sealed
);
CREATE INDEX fact_by_person ON fact (person_id, recorded_at);

-- A board that is asked under LVU 11 §, beside the people in `signatory`; numbers are shared with them.
CREATE TABLE board_signatory (
  consent_id    BLOB    NOT NULL REFERENCES consent (id),
  number        INTEGER NOT NULL,
  authority_id  BLOB    NOT NULL REFERENCES authority (id),
  evidence      INTEGER,
  recorded_by   BLOB,
  digest        BLOB,
  detail        TEXT,
  signed_at     INTEGER,
  PRIMARY KEY (consent_id, number)
);

-- Authorities that have accepted evidence which another unit recorded.
CREATE TABLE consent_acceptance (
  consent_id   BLOB NOT NULL REFERENCES consent (id),
  authority_id BLOB NOT NULL REFERENCES authority (id),
  PRIMARY KEY (consent_id, authority_id)
);
