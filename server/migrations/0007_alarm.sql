-- A report of concern that its reception does not open in time, or that fails, alarms both sides.

-- Unopened until then, sender and recipient are alarmed (microseconds); null where nobody is.
ALTER TABLE delivery ADD COLUMN alarm_at INTEGER;
-- How many times they were.
ALTER TABLE delivery ADD COLUMN alarms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX delivery_alarm_due ON delivery (alarm_at) WHERE state = 1 AND alarms = 0 AND alarm_at IS NOT NULL;
-- What waits already under the provisions that demand a report (SoL 19:1, before 2025-07-01 14:1): within half an hour, as by
-- default.
UPDATE delivery SET alarm_at = changed_at + 1800000000
WHERE state = 1 AND provision_id IN ('SOL2025-19-1', 'SOL2001-14-1');

-- When an alarm was told; null for everything else. `recipient_id` is whose inbox it is, of an alarm the sender's too.
ALTER TABLE inbox_event ADD COLUMN alarmed_at INTEGER;
