-- Whether the log has a record as delivered: by the record, not among all that was reported.
CREATE INDEX reported_event_delivered ON verification.reported_event (subject) WHERE type = 'DATA_BALIKAN';
