-- One index says that a document goes once to each recipient, finds a document's deliveries, and what a unit received under an
-- id: it begins with the document's id, which clients mint in the order of time, so that what is sent together lies together.
DROP INDEX delivery_once;
DROP INDEX delivery_by_document;
CREATE UNIQUE INDEX delivery_once ON delivery (document_id, recipient_id, sender_id);
