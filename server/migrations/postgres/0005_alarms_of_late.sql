-- What was fetched more than a week ago and never acknowledged alarms nobody any more: whoever had to read it has, or must be asked
-- in another way, and a thousand alarms at once would hide the one that matters.
UPDATE delivery SET alarm_at = NULL WHERE state = 2 AND alarms = 0 AND changed_at < (extract(epoch FROM now())::bigint - 604800) * 1000000;
