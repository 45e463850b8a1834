-- What is counted of particulars that other parts of the system keep (docs/report-format.md): reads of cards and deliveries, as whoever opened
-- them against their leaves handed it in. The place in the log and the day are those of the leaf.
CREATE TABLE verification.opened_event (
  log_id integer NOT NULL,
  index bigint NOT NULL,
  event_id uuid NOT NULL,
  institution_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('READER_READ', 'DATA_BALIKAN')),
  act text NOT NULL,
  subject text,
  -- in Asia/Jakarta
  day date NOT NULL,
  outcome text,
  tries integer,
  service text,
  receipt text,
  -- the look-up that a read led to, or that a delivered record names
  verification_id uuid,
  PRIMARY KEY (log_id, index)
);
CREATE INDEX opened_event_day ON verification.opened_event (log_id, type, day);
-- Deliveries that name a look-up.
CREATE INDEX opened_event_named ON verification.opened_event (verification_id) WHERE type = 'DATA_BALIKAN';

-- Below this index every leaf of the log whose particulars are counted is opened.
CREATE TABLE verification.opened_until (
  log_id integer PRIMARY KEY,
  index bigint NOT NULL CHECK (index >= 0)
);

GRANT SELECT, INSERT ON verification.opened_event, verification.opened_until TO nik_verification;
GRANT UPDATE (outcome, tries, service, receipt, verification_id) ON verification.opened_event TO nik_verification;
GRANT UPDATE (index) ON verification.opened_until TO nik_verification;
