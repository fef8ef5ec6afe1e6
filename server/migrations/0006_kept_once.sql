-- Fewer places to write for each send.

-- Sealed bodies lie beside the documents that name them: one commit, with one sync, makes both durable. Until now they lay
-- in a file of their own (bodies/), which the hub brings in at its next start. Ciphertext: immutable, kept as long as its
-- document.
CREATE TABLE body (
  sender_id   BLOB    NOT NULL,
  document_id BLOB    NOT NULL,
  digest      BLOB    NOT NULL,                -- SHA-256 of the request that brought it
  bytes       BLOB    NOT NULL,                -- sealed chunks
  created_at  INTEGER NOT NULL,                -- microseconds since 1970-01-01 UTC
  PRIMARY KEY (sender_id, document_id, digest)
);

-- Tables that are nothing but their key were kept twice, as rows and as the key's index; now they are the index.

-- On which consents a delivery rests. Immutable.
CREATE TABLE delivery_consent_once (
  delivery_id BLOB    NOT NULL REFERENCES delivery (id),
  consent_id  BLOB    NOT NULL REFERENCES consent (id),
  revision    INTEGER NOT NULL,                -- at sending
  PRIMARY KEY (consent_id, delivery_id)
) WITHOUT ROWID;
INSERT INTO delivery_consent_once SELECT delivery_id, consent_id, revision FROM delivery_consent;
DROP TABLE delivery_consent;
ALTER TABLE delivery_consent_once RENAME TO delivery_consent;
CREATE INDEX delivery_consent_by_delivery ON delivery_consent (delivery_id);

-- Whom a delivery is about. Immutable.
CREATE TABLE delivery_subject_once (
  delivery_id   BLOB NOT NULL REFERENCES delivery (id),
  individual_id BLOB NOT NULL,
  PRIMARY KEY (individual_id, delivery_id)
) WITHOUT ROWID;
INSERT INTO delivery_subject_once SELECT delivery_id, individual_id FROM delivery_subject;
DROP TABLE delivery_subject;
ALTER TABLE delivery_subject_once RENAME TO delivery_subject;

-- Units that an entry concerns. Immutable.
CREATE TABLE entry_unit_once (
  entry_id BLOB NOT NULL REFERENCES entry (id),
  unit_id  BLOB NOT NULL,
  PRIMARY KEY (entry_id, unit_id)
) WITHOUT ROWID;
INSERT INTO entry_unit_once SELECT entry_id, unit_id FROM entry_unit;
DROP TABLE entry_unit;
ALTER TABLE entry_unit_once RENAME TO entry_unit;

-- People whom an entry is about. Immutable.
CREATE TABLE entry_person_once (
  person_id BLOB    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
  at        INTEGER NOT NULL,
  entry_id  BLOB    NOT NULL REFERENCES entry (id),
  PRIMARY KEY (person_id, at, entry_id)
) WITHOUT ROWID;
INSERT INTO entry_person_once SELECT person_id, at, entry_id FROM entry_person;
DROP TABLE entry_person;
ALTER TABLE entry_person_once RENAME TO entry_person;
