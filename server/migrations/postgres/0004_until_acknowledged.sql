-- A report alarms until its recipient has acknowledged that it opened it: a program may have fetched what nobody has read.
DROP INDEX delivery_alarm_due;
CREATE INDEX delivery_alarm_due ON delivery (alarm_at) WHERE state IN (1, 2) AND alarms = 0 AND alarm_at IS NOT NULL;
-- As 0002 did for what waited unopened.
UPDATE delivery SET alarm_at = changed_at + 1800000000
WHERE state = 2 AND alarm_at IS NULL AND provision_id IN ('SOL2025-19-1', 'SOL2001-14-1');
