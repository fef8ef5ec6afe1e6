-- The second file: sealed bodies, durable before the transaction that names them commits.
-- A body that no document names was never acknowledged and may be swept.
CREATE TABLE body (
  sender_id   BLOB    NOT NULL,
  document_id BLOB    NOT NULL,
  digest      BLOB    NOT NULL,                -- SHA-256 of the request that brought it
  bytes       BLOB    NOT NULL,                -- sealed chunks
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (sender_id, document_id, digest)
);
