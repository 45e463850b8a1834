-- Semester reports (O-20, O-21): what was counted, the reports that say it, and every step of theirs.
-- A report can be changed by its guard's rules only, and nothing of it can be deleted.

-- What was counted of a period as of a checkpoint: once, so that the same always says the same.
CREATE TABLE reporting.counted (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  period_from date NOT NULL,
  period_until date NOT NULL,
  origin text NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  -- of the checkpoint; a log in which nothing happens is signed again at the same size
  as_of_at timestamptz NOT NULL,
  -- RFC 8785 of { asOf, figures, register }
  facts text NOT NULL,
  undelivered integer NOT NULL CHECK (undelivered >= 0)
);
CREATE UNIQUE INDEX counted_once ON reporting.counted (institution_id, period_from, period_until, origin, size, as_of_at);

-- Lines of undelivered.jsonl (docs/report-format.md), in their order.
CREATE TABLE reporting.undelivered_line (
  counted_id uuid NOT NULL REFERENCES reporting.counted,
  n integer NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (counted_id, n)
);

CREATE TABLE reporting.report (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('REPORT', 'SUPPLEMENT')),
  version integer NOT NULL CHECK (version >= 1),
  corrects uuid REFERENCES reporting.report CHECK ((corrects IS NULL) = (version = 1)),
  supplements uuid REFERENCES reporting.report CHECK ((supplements IS NULL) = (type = 'REPORT')),
  period_kind text NOT NULL CHECK (period_kind IN ('FIRST_SEMESTER', 'SECOND_SEMESTER', 'OTHER')),
  period_from date NOT NULL,
  period_until date NOT NULL CHECK (period_until >= period_from),
  state text NOT NULL CHECK (state IN ('DRAFTED', 'REVIEWED', 'APPROVED', 'SUBMITTED', 'EVALUATED', 'DISCARDED')),
  scheduled boolean NOT NULL,
  counted_id uuid NOT NULL REFERENCES reporting.counted,
  -- its checkpoint is of a day after the period: nothing of the period is left to be told
  closing boolean NOT NULL,
  -- RFC 8785 of the content: the very bytes that are hashed
  content text NOT NULL,
  content_hash bytea NOT NULL CHECK (content_hash = sha256(convert_to(content, 'UTF8')))
);
CREATE INDEX report_list ON reporting.report (institution_id, id DESC);
-- whatever replicas do: one by the calendar, ever; one of a semester that is not discarded, and one new version of each
CREATE UNIQUE INDEX report_scheduled ON reporting.report (institution_id, type, period_from) WHERE scheduled;
CREATE UNIQUE INDEX report_of_semester ON reporting.report (institution_id, period_from, period_until)
  WHERE type = 'REPORT' AND version = 1 AND period_kind <> 'OTHER' AND state <> 'DISCARDED';
CREATE UNIQUE INDEX report_closing ON reporting.report (institution_id, period_from, period_until)
  WHERE type = 'SUPPLEMENT' AND version = 1 AND closing AND state <> 'DISCARDED';
CREATE UNIQUE INDEX report_correction ON reporting.report (corrects) WHERE state <> 'DISCARDED';

-- What was done with a report, and the particulars that the evidence log has the hash of (docs/evidence-format.md, REPORT).
CREATE TABLE reporting.report_step (
  report_id uuid NOT NULL REFERENCES reporting.report,
  n integer NOT NULL CHECK (n >= 1),
  -- of the event in the evidence log
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  act text NOT NULL CHECK (act IN ('report.draft', 'report.review', 'report.approve', 'report.submit', 'report.evaluate', 'report.discard')),
  actor_id uuid,
  actor_name text,
  -- how it was handed in, the verdict, or why it was discarded
  said jsonb NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  -- RFC 8785 of { contentHash, corrects, note, state, version }
  particulars text NOT NULL,
  PRIMARY KEY (report_id, n)
);
CREATE UNIQUE INDEX report_step_event ON reporting.report_step (id);

-- A report begins as a draft; its states move one way; what is approved stays as it is. Holds for whoever may write here.
CREATE FUNCTION reporting.guard_report() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'DRAFTED' THEN
      RAISE EXCEPTION 'a report begins as a draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'reports are never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (to_jsonb(NEW) - '{state,content,content_hash}'::text[]) <> (to_jsonb(OLD) - '{state,content,content_hash}'::text[]) THEN
    RAISE EXCEPTION 'what a report is about does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.content <> OLD.content OR NEW.content_hash <> OLD.content_hash THEN
    IF OLD.state NOT IN ('DRAFTED', 'REVIEWED') OR NEW.state <> 'DRAFTED'
       OR (NEW.content::jsonb - 'narrative') <> (OLD.content::jsonb - 'narrative') THEN
      RAISE EXCEPTION 'the content of a report does not change' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF (OLD.state, NEW.state) NOT IN (
      ('DRAFTED', 'REVIEWED'), ('REVIEWED', 'APPROVED'), ('APPROVED', 'SUBMITTED'), ('SUBMITTED', 'EVALUATED'),
      ('DRAFTED', 'DISCARDED'), ('REVIEWED', 'DISCARDED')) THEN
    RAISE EXCEPTION 'a report does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_report BEFORE INSERT OR UPDATE OR DELETE ON reporting.report
  FOR EACH ROW EXECUTE FUNCTION reporting.guard_report();

-- When the calendar tries next to draft what is due; one replica at a time, and longer waits while it fails.
CREATE TABLE reporting.occasion (
  institution_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('REPORT', 'SUPPLEMENT')),
  period_from date NOT NULL,
  attempts integer NOT NULL,
  next_at timestamptz NOT NULL,
  PRIMARY KEY (institution_id, type, period_from)
);

GRANT SELECT, INSERT ON reporting.counted, reporting.undelivered_line, reporting.report, reporting.report_step TO reporting;
GRANT UPDATE (state, content, content_hash) ON reporting.report TO reporting;
GRANT SELECT, INSERT, UPDATE ON reporting.occasion TO reporting;
