-- Letters (O-04, O-05, O-08, O-13, O-22, O-24) and their numbers. What a letter says of people are ids of staff; the rest stands in the register.

CREATE TABLE reporting.letter_numbering (
  institution_id uuid PRIMARY KEY,
  numbering jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid
);
GRANT SELECT, INSERT, UPDATE ON reporting.letter_numbering TO reporting;

-- The last number of a year. It is taken in the transaction that keeps the letter, so that none is lost and none given twice.
CREATE TABLE reporting.letter_counter (
  institution_id uuid,
  year int,
  last int NOT NULL CHECK (last > 0),
  PRIMARY KEY (institution_id, year)
);
GRANT SELECT, INSERT, UPDATE ON reporting.letter_counter TO reporting;

CREATE TABLE reporting.letter (
  id uuid PRIMARY KEY,
  institution_id uuid NOT NULL,
  kind text NOT NULL,
  year int NOT NULL,
  serial int NOT NULL,
  number text NOT NULL,
  dated date NOT NULL,
  fields jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  created_by uuid,
  CONSTRAINT letter_serial UNIQUE (institution_id, year, serial),
  CONSTRAINT letter_number UNIQUE (institution_id, number)
);
CREATE INDEX letter_list ON reporting.letter (institution_id, id);
-- what has been sent stays in the register of letters
GRANT SELECT, INSERT ON reporting.letter TO reporting;
