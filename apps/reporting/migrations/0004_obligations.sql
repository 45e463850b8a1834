-- Duties with a clock of 72 hours (O-24), and reminders of what is due. Never personal data.

-- Name of an office as the gateway last said it: the cockpit shows it, and reminders name it, while the gateway is silent.
CREATE TABLE reporting.office (
  institution_id uuid PRIMARY KEY,
  name text NOT NULL,
  region_code text NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON reporting.office TO reporting;

-- A person's request for the trail, a breach notice (UU 27/2022 art. 32, 46).
CREATE TABLE reporting.duty (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('PERSON_TRAIL', 'BREACH_NOTICE')),
  number text NOT NULL,
  received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL CHECK (due_at = received_at + interval '72 hours'),
  recorded_at timestamptz NOT NULL,
  recorded_by uuid,
  done_at timestamptz CHECK (done_at >= received_at),
  letter_number text CHECK ((letter_number IS NULL) = (done_at IS NULL)),
  note text CHECK (note IS NULL OR done_at IS NOT NULL),
  closed_at timestamptz CHECK ((closed_at IS NULL) = (done_at IS NULL)),
  closed_by uuid CHECK (closed_by IS NULL OR done_at IS NOT NULL)
);
CREATE UNIQUE INDEX duty_open ON reporting.duty (institution_id, kind, number) WHERE done_at IS NULL;
CREATE INDEX duty_list ON reporting.duty (institution_id, received_at);

-- What is recorded stays; how it ended is written once.
CREATE FUNCTION reporting.guard_duty() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.done_at IS NOT NULL THEN
    RAISE EXCEPTION 'a duty is closed once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_duty BEFORE UPDATE ON reporting.duty FOR EACH ROW EXECUTE FUNCTION reporting.guard_duty();
GRANT SELECT, INSERT, UPDATE (done_at, letter_number, note, closed_at, closed_by) ON reporting.duty TO reporting;

-- Who is reminded. The secret that signs calls of the webhook is sealed.
CREATE TABLE reporting.reminder_settings (
  institution_id uuid PRIMARY KEY,
  emails text[] NOT NULL,
  webhook_url text,
  webhook_secret bytea CHECK ((webhook_secret IS NULL) = (webhook_url IS NULL)),
  changed_at timestamptz NOT NULL,
  changed_by uuid
);
GRANT SELECT, INSERT, UPDATE ON reporting.reminder_settings TO reporting;

-- When the obligations of an office were last looked at for reminders: `daily` all of them, `hourly` those with a clock.
CREATE TABLE reporting.reminder_check (
  institution_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('daily', 'hourly')),
  -- the moment of the calendar that was served last
  done_slot timestamptz,
  -- not before then, after a look that could not see everything
  retry_at timestamptz,
  PRIMARY KEY (institution_id, kind)
);
GRANT SELECT, INSERT, UPDATE ON reporting.reminder_check TO reporting;

-- The queue. One row for each obligation, state, week and recipient, whatever replicas and restarts do.
CREATE TABLE reporting.reminder (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  rule text NOT NULL,
  clause text NOT NULL,
  instance text NOT NULL,
  obligation_state text NOT NULL CHECK (obligation_state IN ('DUE_SOON', 'OVERDUE', 'BREACHED')),
  -- 0 while it is due soon; then a number for each week
  week integer NOT NULL,
  channel text NOT NULL CHECK (channel IN ('EMAIL', 'WEBHOOK')),
  recipient text NOT NULL,
  -- what it says
  office text NOT NULL,
  title text NOT NULL,
  due_on date,
  obligation_due_at timestamptz,
  next_step text,
  created_at timestamptz NOT NULL,
  -- where it stands
  state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'SENT', 'UNCERTAIN', 'FAILED')),
  attempts integer NOT NULL DEFAULT 0,
  failure text,
  due_at timestamptz NOT NULL,
  -- a worker has it: since when, until when nobody else may, and in which turn (the fence)
  sending_since timestamptz,
  claimed_until timestamptz,
  term bigint NOT NULL DEFAULT 0,
  -- written down before the last byte leaves: from here on the other side may have all of it
  handed_over_at timestamptz,
  sent_at timestamptz,
  resent_by uuid,
  CONSTRAINT reminder_once UNIQUE (institution_id, rule, instance, obligation_state, week, channel, recipient),
  CHECK ((state = 'SENT') = (sent_at IS NOT NULL)),
  CHECK ((claimed_until IS NULL) = (sending_since IS NULL))
);
CREATE INDEX reminder_queue ON reporting.reminder (due_at) WHERE state = 'WAITING';
CREATE INDEX reminder_list ON reporting.reminder (institution_id, id DESC);
GRANT SELECT, INSERT ON reporting.reminder TO reporting;
GRANT UPDATE (state, attempts, failure, due_at, sending_since, claimed_until, term, handed_over_at, sent_at, resent_by)
  ON reporting.reminder TO reporting;
