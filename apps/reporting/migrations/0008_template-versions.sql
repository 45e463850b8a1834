-- An approved report keeps the form that stood when it was approved: a new file, or another mapping, is a version of its own.
ALTER TABLE reporting.report_template
  DROP CONSTRAINT report_template_pkey,
  ADD COLUMN version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- from when on this file has been mapped like this
  ADD COLUMN since timestamptz;
UPDATE reporting.report_template SET since = uploaded_at;
ALTER TABLE reporting.report_template ALTER COLUMN since SET NOT NULL;
CREATE INDEX report_template_newest ON reporting.report_template (institution_id, version);
REVOKE UPDATE ON reporting.report_template FROM reporting;
