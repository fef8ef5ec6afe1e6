-- What ends and what takes its place; and ways to find what a decision or an end asks for.

-- From when on a fact no longer counts: decisions do not read what is over. Null: without end.
ALTER TABLE fact ADD COLUMN ends_at INTEGER;

-- The consent whose place this one takes once it is in force. Immutable.
ALTER TABLE consent ADD COLUMN supersedes_id BLOB REFERENCES consent (id);

-- What a unit has received under a document id, whoever minted it.
CREATE INDEX delivery_by_document ON delivery (document_id, recipient_id);

-- Deliveries still queued that rest on a provision.
CREATE INDEX delivery_by_provision ON delivery (provision_id) WHERE state = 1 AND provision_id IS NOT NULL;
