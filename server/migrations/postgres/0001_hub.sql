-- The hub's tables in PostgreSQL: the same as in the embedded engine after its migration 0004, and the bodies beside
-- them. Times are microseconds since 1970-01-01 UTC. "sealed" = encrypted with the key beside the hub. Migrations
-- only grow.

-- A municipality, a region or a private principal. Immutable.
CREATE TABLE organisation (
  id          UUID    PRIMARY KEY,
  number      TEXT    NOT NULL,                -- ten digits
  name        TEXT    NOT NULL,
  holder      INTEGER NOT NULL,                -- vocabulary Holder
  signing_key BYTEA   NOT NULL,                -- Ed25519 public key, 32 bytes; signs key changes
  created_at  BIGINT  NOT NULL
);

-- A board; for a private principal the provider itself. Immutable.
CREATE TABLE authority (
  id              UUID PRIMARY KEY,
  organisation_id UUID NOT NULL REFERENCES organisation (id),
  name            TEXT NOT NULL
);
CREATE INDEX authority_by_organisation ON authority (organisation_id);

-- Where people work and what can be addressed. Names are ordered by their bytes, as in the embedded engine.
CREATE TABLE unit (
  id              UUID    PRIMARY KEY,
  authority_id    UUID    NOT NULL REFERENCES authority (id),
  name            TEXT    NOT NULL COLLATE "C",
  sector          INTEGER NOT NULL,            -- vocabulary Sector
  holder          INTEGER NOT NULL,            -- vocabulary Holder
  board_reception BOOLEAN NOT NULL,            -- the social services board's reception
  hsa_id          TEXT    NOT NULL,            -- or empty
  revision        BIGINT  NOT NULL,            -- counts changes of the unit and of its keys
  created_at      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX unit_by_name ON unit (name, id);
CREATE INDEX unit_by_authority ON unit (authority_id);

-- Public keys of a unit as its organisation signed them. Only `state` changes.
CREATE TABLE unit_key (
  key_id      BYTEA   PRIMARY KEY,             -- SHA-256 of the statement
  unit_id     UUID    NOT NULL REFERENCES unit (id),
  state       INTEGER NOT NULL,                -- 1 current, 2 decrypt only, 3 compromised
  statement   BYTEA   NOT NULL,                -- canonical bytes
  signature   BYTEA   NOT NULL,                -- Ed25519 by the organisation
  recorded_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX unit_key_current ON unit_key (unit_id) WHERE state = 1;
CREATE INDEX unit_key_by_unit ON unit_key (unit_id, recorded_at);

-- A person as the hub knows them from register or court; erased with the person.
CREATE TABLE person (
  id                 UUID    PRIMARY KEY,
  number_hash        BYTEA   NOT NULL UNIQUE,  -- HMAC-SHA256 of the identity number, keyed
  number_sealed      BYTEA   NOT NULL,         -- identity number, sealed
  name_sealed        BYTEA   NOT NULL,         -- name as the register says, sealed; empty until read there
  custody_source     INTEGER,                  -- 1 population register, 2 court decision; null: never read
  custody_checked_at BIGINT,                   -- when the source was read
  revision           BIGINT  NOT NULL          -- counts every change that a decision may read
);

-- Who has custody of whom, as the source says; replaced as a whole.
CREATE TABLE guardian (
  child_id    UUID   NOT NULL REFERENCES person (id),
  guardian_id UUID   NOT NULL REFERENCES person (id),
  position    BIGINT NOT NULL,
  PRIMARY KEY (child_id, guardian_id)
);
CREATE INDEX guardian_children ON guardian (guardian_id);

-- A person as one case knows them. Immutable.
CREATE TABLE individual (
  id          UUID   PRIMARY KEY,              -- random, the only id that leaves the hub
  person_id   UUID   NOT NULL REFERENCES person (id),
  unit_id     UUID   NOT NULL REFERENCES unit (id),  -- who registered
  name_sealed BYTEA  NOT NULL,                 -- name as that unit wrote it, sealed
  created_at  BIGINT NOT NULL
);
CREATE INDEX individual_by_person ON individual (person_id);

-- A fact as it was recorded. Immutable but for the attestation; erased with the person.
CREATE TABLE fact (
  id          UUID   PRIMARY KEY,              -- the entry that records it
  person_id   UUID   NOT NULL REFERENCES person (id),
  unit_id     UUID   REFERENCES unit (id),     -- who answers for it; null: read from register or court
  recorded_by TEXT   NOT NULL,                 -- the professional's user id at the unit, or the operator
  recorded_at BIGINT NOT NULL,
  attested_by TEXT,                            -- another professional of the unit; null: nobody yet
  attested_at BIGINT,
  sealed      BYTEA  NOT NULL,                 -- what was found, as JSON, sealed
  ends_at     BIGINT                           -- from when on it no longer counts; null: without end
);
CREATE INDEX fact_by_person ON fact (person_id, recorded_at);

-- A consent. Its id never changes; everything else moves only as the life cycle allows.
CREATE TABLE consent (
  id            UUID    PRIMARY KEY,
  individual_id UUID    NOT NULL REFERENCES individual (id),
  person_id     UUID    NOT NULL REFERENCES person (id),  -- whom it is about
  requester_id  UUID    NOT NULL REFERENCES unit (id),
  scope         BYTEA   NOT NULL,              -- samrum.consent.v1.Scope, encoded
  state         INTEGER NOT NULL,              -- samrum.consent.v1.ConsentState
  state_at      BIGINT,                        -- since when active, or when it ended
  was_active    BOOLEAN NOT NULL,              -- whether it has been in force
  requested_at  BIGINT  NOT NULL,
  revision      BIGINT  NOT NULL,
  supersedes_id UUID    REFERENCES consent (id),  -- whose place it takes once it is in force; immutable
  UNIQUE (person_id, id)
);
CREATE INDEX consent_by_individual ON consent (individual_id, id);
CREATE INDEX consent_superseding ON consent (supersedes_id) WHERE supersedes_id IS NOT NULL;

-- Who was asked to sign, and how they answered yes.
CREATE TABLE signatory (
  subject_id  UUID    NOT NULL,                -- the consent's `person_id`
  consent_id  UUID    NOT NULL,
  number      BIGINT  NOT NULL,                -- from 1
  person_id   UUID    NOT NULL REFERENCES person (id),  -- who is asked
  evidence    INTEGER,                         -- samrum.consent.v1.EvidenceKind; null: no yes yet
  recorded_by UUID,                            -- unit that recorded paper or oral evidence
  digest      BYTEA,                           -- SHA-256 of the statement shown or of the scan
  detail      TEXT,                            -- language, or the two witnesses' user ids, newline between
  signed_at   BIGINT,
  PRIMARY KEY (subject_id, consent_id, number),
  FOREIGN KEY (subject_id, consent_id) REFERENCES consent (person_id, id)
);
CREATE INDEX signatory_by_person ON signatory (person_id);

-- A board that is asked under LVU 11 §, beside the people in `signatory`; numbers are shared with them.
CREATE TABLE board_signatory (
  subject_id   UUID    NOT NULL,               -- the consent's `person_id`
  consent_id   UUID    NOT NULL,
  number       BIGINT  NOT NULL,
  authority_id UUID    NOT NULL REFERENCES authority (id),
  evidence     INTEGER,
  recorded_by  UUID,
  digest       BYTEA,
  detail       TEXT,
  signed_at    BIGINT,
  PRIMARY KEY (subject_id, consent_id, number),
  FOREIGN KEY (subject_id, consent_id) REFERENCES consent (person_id, id)
);

-- Authorities that have accepted evidence which another unit recorded.
CREATE TABLE consent_acceptance (
  subject_id   UUID NOT NULL,                  -- the consent's `person_id`
  consent_id   UUID NOT NULL,
  authority_id UUID NOT NULL REFERENCES authority (id),
  PRIMARY KEY (subject_id, consent_id, authority_id),
  FOREIGN KEY (subject_id, consent_id) REFERENCES consent (person_id, id)
);

-- A sealed document as sent. Immutable; its body lies in `body`.
CREATE TABLE document (
  sender_id  UUID   NOT NULL REFERENCES unit (id),
  id         UUID   NOT NULL,                  -- minted by the sender
  digest     BYTEA  NOT NULL,                  -- SHA-256 of the request's bytes, to know a repetition
  header     BYTEA  NOT NULL,                  -- raw canonical bytes
  body_size  BIGINT NOT NULL,                  -- bytes, sealed
  key_id     BYTEA  NOT NULL REFERENCES unit_key (key_id),  -- the sender's key that signed the slips
  answer     BYTEA  NOT NULL,                  -- the stored answer
  created_at BIGINT NOT NULL,
  PRIMARY KEY (sender_id, id)
);

-- Sealed bodies, durable before the transaction that names them commits. A body that no document names was never
-- acknowledged and may be swept. Ciphertext does not compress: it is stored as it is.
CREATE TABLE body (
  sender_id   UUID   NOT NULL,
  document_id UUID   NOT NULL,
  digest      BYTEA  NOT NULL,                 -- SHA-256 of the request that brought it
  bytes       BYTEA  NOT NULL,                 -- sealed chunks
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (sender_id, document_id, digest)
);
ALTER TABLE body ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- One document on its way to one recipient. Only state, changed_at and entry_id change.
CREATE TABLE delivery (
  id           UUID    PRIMARY KEY,
  sender_id    UUID    NOT NULL,
  document_id  UUID    NOT NULL,
  recipient_id UUID    NOT NULL REFERENCES unit (id),
  slip         BYTEA   NOT NULL,               -- raw canonical bytes
  signature    BYTEA   NOT NULL,               -- Ed25519 by the sender
  provision_id TEXT,                           -- what it rests on, when no consent
  state        INTEGER NOT NULL,               -- samrum.exchange.v1.DeliveryState
  changed_at   BIGINT  NOT NULL,
  expires_at   BIGINT  NOT NULL,               -- unopened until then: EXPIRED
  entry_id     UUID    NOT NULL,               -- the entry of the last change
  FOREIGN KEY (sender_id, document_id) REFERENCES document (sender_id, id)
);
CREATE UNIQUE INDEX delivery_once ON delivery (sender_id, document_id, recipient_id);
CREATE INDEX delivery_due ON delivery (expires_at) WHERE state = 1;
CREATE INDEX delivery_by_document ON delivery (document_id, recipient_id);
CREATE INDEX delivery_by_provision ON delivery (provision_id) WHERE state = 1 AND provision_id IS NOT NULL;

-- The consents a delivery rests on. Immutable.
CREATE TABLE delivery_consent (
  delivery_id UUID   NOT NULL REFERENCES delivery (id),
  consent_id  UUID   NOT NULL REFERENCES consent (id),
  revision    BIGINT NOT NULL,                 -- at sending
  PRIMARY KEY (consent_id, delivery_id)
);
CREATE INDEX delivery_consent_by_delivery ON delivery_consent (delivery_id);

-- Whom a delivery is about. Immutable.
CREATE TABLE delivery_subject (
  delivery_id   UUID NOT NULL REFERENCES delivery (id),
  individual_id UUID NOT NULL,
  PRIMARY KEY (individual_id, delivery_id)
);

-- What an inbox is told, in order. Append-only. Positions grow in the order of commits: writers take turns.
CREATE TABLE inbox_event (
  position     BIGINT  PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  recipient_id UUID    NOT NULL,
  delivery_id  UUID    NOT NULL REFERENCES delivery (id),
  state        INTEGER NOT NULL
);
CREATE INDEX inbox_event_by_recipient ON inbox_event (recipient_id, position);

-- Answers to requests with an idempotency key.
CREATE TABLE request (
  caller     TEXT   NOT NULL,                  -- role and id
  id         UUID   NOT NULL,
  digest     BYTEA  NOT NULL,                  -- SHA-256 of the request's bytes
  answer     BYTEA  NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (caller, id)
);

-- Ledger entries. Written with their effect; only `leaf_index` is set later, once, by the sequencer.
CREATE TABLE entry (
  arrival    BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,  -- grows in the order of commits
  id         UUID   NOT NULL UNIQUE,
  at         BIGINT NOT NULL,
  details    BYTEA  NOT NULL,                  -- canonical JSON; no identity numbers, names or text
  salt       BYTEA,                            -- 32 bytes; null for unsalted leaves
  leaf       BYTEA  NOT NULL,                  -- leaf bytes as hashed
  leaf_hash  BYTEA  NOT NULL,
  leaf_index BIGINT UNIQUE                     -- place in the log; null until sequenced
);
CREATE INDEX entry_unsequenced ON entry (arrival) WHERE leaf_index IS NULL;

-- The units that an entry concerns: they may have its receipt, their organisations' auditors may see it.
CREATE TABLE entry_unit (
  entry_id UUID NOT NULL REFERENCES entry (id),
  unit_id  UUID NOT NULL,
  PRIMARY KEY (entry_id, unit_id)
);

-- Auditors' own searches, by organisation.
CREATE TABLE entry_organisation (
  entry_id        UUID NOT NULL REFERENCES entry (id),
  organisation_id UUID NOT NULL,
  PRIMARY KEY (entry_id, organisation_id)
);

-- Whom an entry is about, for audit. Destroyed with the person.
CREATE TABLE entry_person (
  person_id UUID   NOT NULL REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
  at        BIGINT NOT NULL,
  entry_id  UUID   NOT NULL REFERENCES entry (id),
  PRIMARY KEY (person_id, at, entry_id)
);

-- Hashes of complete subtrees (RFC 6962 §2.1). Append-only.
CREATE TABLE node (
  level    INTEGER NOT NULL,                   -- 0: leaves
  position BIGINT  NOT NULL,
  hash     BYTEA   NOT NULL,
  PRIMARY KEY (level, position)
);

-- Signed checkpoints (C2SP tlog-checkpoint). Append-only; `epoch` fences the sequencer.
CREATE TABLE checkpoint (
  size  BIGINT PRIMARY KEY,
  epoch BIGINT NOT NULL,
  note  BYTEA  NOT NULL,
  at    BIGINT NOT NULL
);

-- Sessions of the portal.
CREATE TABLE session (
  token_hash BYTEA  PRIMARY KEY,               -- SHA-256 of the cookie's value
  person_id  UUID   NOT NULL REFERENCES person (id),
  expires_at BIGINT NOT NULL
);

-- Permitting provisions that the operator has turned on.
CREATE TABLE provision_on (
  id       TEXT   PRIMARY KEY COLLATE "C",
  entry_id UUID   NOT NULL,
  revision BIGINT NOT NULL
);

-- What one node does for all, for as long as it says in time that it is still there.
CREATE TABLE lease (
  name   TEXT   PRIMARY KEY,
  holder UUID   NOT NULL,                      -- the node, by an id of this run
  epoch  BIGINT NOT NULL,                      -- grows with every change of holder: what a former one does is refused
  until  BIGINT NOT NULL                       -- the server's time
);

-- Whether the key beside a node is this database's.
CREATE TABLE store_key (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  probe  BYTEA   NOT NULL                      -- known text, sealed
);
