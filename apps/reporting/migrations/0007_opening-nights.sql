-- When everything of an office was last opened anew and compared with the evidence log.
CREATE TABLE reporting.opening_night (
  institution_id uuid PRIMARY KEY,
  -- the last night, by its morning in Asia/Jakarta, that was served
  done_on date NOT NULL,
  -- a replica is at it: nobody else is until then
  claimed_until timestamptz
);
GRANT SELECT, INSERT, UPDATE ON reporting.opening_night TO reporting;
