-- The hub's tables. Ids are 16 random-looking bytes; times are microseconds since 1970-01-01 UTC.
-- "sealed" = encrypted with the key beside the database. Migrations only grow.

-- A municipality, a region or a private principal. Immutable.
CREATE TABLE organisation (
  id          BLOB    PRIMARY KEY NOT NULL,
  number      TEXT    NOT NULL,                -- ten digits
  name        TEXT    NOT NULL,
  holder      INTEGER NOT NULL,                -- vocabulary Holder
  signing_key BLOB    NOT NULL,                -- Ed25519 public key, 32 bytes; signs key changes
  created_at  INTEGER NOT NULL
);

-- A board; for a private principal the provider itself. Immutable.
CREATE TABLE authority (
  id              BLOB PRIMARY KEY NOT NULL,
  organisation_id BLOB NOT NULL REFERENCES organisation (id),
  name            TEXT NOT NULL
);

-- Where people work and what can be addressed.
CREATE TABLE unit (
  id              BLOB    PRIMARY KEY NOT NULL,
  authority_id    BLOB    NOT NULL REFERENCES authority (id),
  name            TEXT    NOT NULL,
  sector          INTEGER NOT NULL,            -- vocabulary Sector
  holder          INTEGER NOT NULL,            -- vocabulary Holder
  board_reception INTEGER NOT NULL,            -- 1: the social services board's reception
  hsa_id          TEXT    NOT NULL,            -- or empty
  revision        INTEGER NOT NULL,            -- counts changes of the unit and of its keys
  created_at      INTEGER NOT NULL
);
CREATE UNIQUE INDEX unit_by_name ON unit (name, id);

-- Public keys of a unit as its organisation signed them. Only `state` changes.
CREATE TABLE unit_key (
  key_id      BLOB    PRIMARY KEY NOT NULL,    -- SHA-256 of the statement
  unit_id     BLOB    NOT NULL REFERENCES unit (id),
  state       INTEGER NOT NULL,                -- 1 current, 2 decrypt only, 3 compromised
  statement   BLOB    NOT NULL,                -- canonical bytes
  signature   BLOB    NOT NULL,                -- Ed25519 by the organisation
  recorded_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX unit_key_current ON unit_key (unit_id) WHERE state = 1;
CREATE INDEX unit_key_by_unit ON unit_key (unit_id, recorded_at);

-- A natural person. Custody is a fact from register or court; erased with the person.
CREATE TABLE person (
  id                 BLOB    PRIMARY KEY NOT NULL,
  number_hash        BLOB    NOT NULL UNIQUE,  -- HMAC-SHA256 of the identity number, keyed
  number_sealed      BLOB    NOT NULL,         -- identity number, sealed
  name_sealed        BLOB    NOT NULL,         -- name as the register says, sealed; empty until read there
  custody_source     INTEGER,                  -- 1 population register, 2 court decision; null: never read
  custody_checked_at INTEGER,                  -- when the source was read
  revision           INTEGER NOT NULL          -- counts every change that a decision may read
);

-- Who has custody of whom, as the source says; replaced as a whole.
CREATE TABLE guardian (
  child_id    BLOB    NOT NULL REFERENCES person (id),
  guardian_id BLOB    NOT NULL REFERENCES person (id),
  position    INTEGER NOT NULL,
  PRIMARY KEY (child_id, guardian_id)
);
CREATE INDEX guardian_children ON guardian (guardian_id);

-- A person as one case knows them. Immutable.
CREATE TABLE individual (
  id         BLOB    PRIMARY KEY NOT NULL,     -- random, the only id that leaves the hub
  person_id  BLOB    NOT NULL REFERENCES person (id),
  unit_id    BLOB    NOT NULL REFERENCES unit (id),  -- who registered
  name_sealed BLOB   NOT NULL,                 -- name as that unit wrote it, sealed
  created_at INTEGER NOT NULL
);
CREATE INDEX individual_by_person ON individual (person_id);

-- A consent. Its id never changes; everything else moves only as the life cycle allows.
CREATE TABLE consent (
  id            BLOB    PRIMARY KEY NOT NULL,
  individual_id BLOB    NOT NULL REFERENCES individual (id),
  person_id     BLOB    NOT NULL REFERENCES person (id),
  requester_id  BLOB    NOT NULL REFERENCES unit (id),
  scope         BLOB    NOT NULL,              -- samrum.consent.v1.Scope, encoded
  state         INTEGER NOT NULL,              -- samrum.consent.v1.ConsentState
  state_at      INTEGER,                       -- since when active, or when it ended
  was_active    INTEGER NOT NULL,              -- 1 when it has been in force
  requested_at  INTEGER NOT NULL,
  revision      INTEGER NOT NULL
);
CREATE INDEX consent_by_person ON consent (person_id, requested_at);
CREATE INDEX consent_by_individual ON consent (individual_id, id);

-- Who was asked to sign, and how they answered yes.
CREATE TABLE signatory (
  consent_id    BLOB    NOT NULL REFERENCES consent (id),
  number        INTEGER NOT NULL,              -- from 1
  person_id     BLOB    NOT NULL REFERENCES person (id),
  evidence      INTEGER,                       -- samrum.consent.v1.EvidenceKind; null: no yes yet
  recorded_by   BLOB,                          -- unit that recorded paper or oral evidence
  digest        BLOB,                          -- SHA-256 of the statement shown or of the scan
  detail        TEXT,                          -- language, or the two witnesses' user ids, newline between
  signed_at     INTEGER,
  PRIMARY KEY (consent_id, number)
);
CREATE INDEX signatory_by_person ON signatory (person_id);

-- A sealed document as sent. Immutable; the body lies in the second file.
CREATE TABLE document (
  sender_id   BLOB    NOT NULL REFERENCES unit (id),
  id          BLOB    NOT NULL,                -- minted by the sender
  digest      BLOB    NOT NULL,                -- SHA-256 of the request's bytes, to know a repetition
  header      BLOB    NOT NULL,                -- raw canonical bytes
  body_size   INTEGER NOT NULL,                -- bytes, sealed
  key_id      BLOB    NOT NULL REFERENCES unit_key (key_id),  -- the sender's key that signed the slips
  answer      BLOB    NOT NULL,                -- the stored answer
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (sender_id, id)
);

-- One document on its way to one recipient. Only state, changed_at and entry_id change.
CREATE TABLE delivery (
  id           BLOB    PRIMARY KEY NOT NULL,
  sender_id    BLOB    NOT NULL,
  document_id  BLOB    NOT NULL,
  recipient_id BLOB    NOT NULL REFERENCES unit (id),
  slip         BLOB    NOT NULL,               -- raw canonical bytes
  signature    BLOB    NOT NULL,               -- Ed25519 by the sender
  provision_id TEXT,                           -- what it rests on, when no consent
  state        INTEGER NOT NULL,               -- samrum.exchange.v1.DeliveryState
  changed_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,               -- unopened until then: EXPIRED
  entry_id     BLOB    NOT NULL,               -- the entry of the last change
  FOREIGN KEY (sender_id, document_id) REFERENCES document (sender_id, id)
);
CREATE UNIQUE INDEX delivery_once ON delivery (sender_id, document_id, recipient_id);
CREATE INDEX delivery_due ON delivery (expires_at) WHERE state = 1;

-- The consents a delivery rests on. Immutable.
CREATE TABLE delivery_consent (
  delivery_id BLOB    NOT NULL REFERENCES delivery (id),
  consent_id  BLOB    NOT NULL REFERENCES consent (id),
  revision    INTEGER NOT NULL,                -- at sending
  PRIMARY KEY (consent_id, delivery_id)
);
CREATE INDEX delivery_consent_by_delivery ON delivery_consent (delivery_id);

-- Whom a delivery is about. Immutable.
CREATE TABLE delivery_subject (
  delivery_id   BLOB NOT NULL REFERENCES delivery (id),
  individual_id BLOB NOT NULL,
  PRIMARY KEY (individual_id, delivery_id)
);

-- What an inbox is told, in order. Append-only.
CREATE TABLE inbox_event (
  position     INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient_id BLOB    NOT NULL,
  delivery_id  BLOB    NOT NULL REFERENCES delivery (id),
  state        INTEGER NOT NULL
);
CREATE INDEX inbox_event_by_recipient ON inbox_event (recipient_id, position);

-- Answers to requests with an idempotency key.
CREATE TABLE request (
  caller     TEXT    NOT NULL,                 -- role and id
  id         BLOB    NOT NULL,
  digest     BLOB    NOT NULL,                 -- SHA-256 of the request's bytes
  answer     BLOB    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (caller, id)
);

-- Ledger entries. Written with their effect; only `leaf_index` is set later, once, by the sequencer.
CREATE TABLE entry (
  arrival    INTEGER PRIMARY KEY AUTOINCREMENT,
  id         BLOB    NOT NULL UNIQUE,
  at         INTEGER NOT NULL,
  details    BLOB    NOT NULL,                 -- canonical JSON; no identity numbers, names or text
  salt       BLOB,                             -- 32 bytes; null for unsalted leaves
  leaf       BLOB    NOT NULL,                 -- leaf bytes as hashed
  leaf_hash  BLOB    NOT NULL,
  leaf_index INTEGER UNIQUE                    -- place in the log; null until sequenced
);
CREATE INDEX entry_unsequenced ON entry (arrival) WHERE leaf_index IS NULL;

-- The units that an entry concerns: they may have its receipt, their organisations' auditors may see it.
CREATE TABLE entry_unit (
  entry_id BLOB NOT NULL REFERENCES entry (id),
  unit_id  BLOB NOT NULL,
  PRIMARY KEY (entry_id, unit_id)
);

-- Auditors' own searches, by organisation.
CREATE TABLE entry_organisation (
  entry_id        BLOB NOT NULL REFERENCES entry (id),
  organisation_id BLOB NOT NULL,
  PRIMARY KEY (entry_id, organisation_id)
);

-- Whom an entry is about, for audit. Destroyed with the person.
CREATE TABLE entry_person (
  person_id BLOB    NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
  at        INTEGER NOT NULL,
  entry_id  BLOB    NOT NULL REFERENCES entry (id),
  PRIMARY KEY (person_id, at, entry_id)
);

-- Hashes of complete subtrees (RFC 6962 §2.1). Append-only.
CREATE TABLE node (
  level    INTEGER NOT NULL,                   -- 0: leaves
  position INTEGER NOT NULL,
  hash     BLOB    NOT NULL,
  PRIMARY KEY (level, position)
) WITHOUT ROWID;

-- Signed checkpoints (C2SP tlog-checkpoint). Append-only; `epoch` fences the sequencer.
CREATE TABLE checkpoint (
  size  INTEGER PRIMARY KEY NOT NULL,
  epoch INTEGER NOT NULL,
  note  BLOB    NOT NULL,
  at    INTEGER NOT NULL
);

-- Sessions of the portal.
CREATE TABLE session (
  token_hash BLOB    PRIMARY KEY NOT NULL,     -- SHA-256 of the cookie's value
  person_id  BLOB    NOT NULL REFERENCES person (id),
  expires_at INTEGER NOT NULL
);

-- Permitting provisions that the operator has turned on.
CREATE TABLE provision_on (
  id         TEXT    PRIMARY KEY NOT NULL,
  entry_id   BLOB    NOT NULL,
  revision   INTEGER NOT NULL
);
