-- Look-ups after which data balikan are owed (O-07), in their order.
CREATE INDEX access_event_business ON verification.access_event (institution_id, at, verification_id)
  WHERE kind = 'REQUESTED' AND service IN ('SKU', 'NIB');

-- For each person the look-ups by which the data was accessed, best first, as a list of lists: the named one alone; else one
-- look-up of each case, the same case first, then the newest `most` in the order in which they were made. Where one of them
-- is of the same case or for one of the services `business`, those for other services are left out. A person is an HMAC;
-- null is nobody.
CREATE FUNCTION verification.find_look_ups(institution uuid, people bytea[], named uuid[], cases bytea[], business text[], most integer)
  RETURNS jsonb
  LANGUAGE plpgsql STABLE
  -- every look into a table here is by key; a plan that was made while the tables were small must not scan them later
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
  AS $$
BEGIN
  RETURN (
    SELECT jsonb_agg(coalesce(best.ids, '[]') ORDER BY person.n)
    FROM unnest(people, named, cases) WITH ORDINALITY AS person (nik_hmac, named, reference_hmac, n)
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(newest.id ORDER BY newest.same_case DESC, newest.id) AS ids
      FROM (
        SELECT judged.*, bool_or(judged.same_case OR judged.for_business) OVER () AS any_fits
        FROM (
          SELECT DISTINCT ON (coalesce(asked.reference_hmac, uuid_send(asked.verification_id))) asked.verification_id AS id,
            coalesce(asked.reference_hmac = person.reference_hmac, false) AS same_case,
            coalesce(asked.service = ANY (business), false) AS for_business
          FROM verification.access_event AS asked
          -- both conditions of the index access_event_person
          WHERE asked.kind = 'REQUESTED' AND asked.nik_hmac IS NOT NULL
            AND asked.institution_id = institution AND asked.nik_hmac = person.nik_hmac
            AND (person.named IS NULL OR asked.verification_id = person.named)
            AND EXISTS (
              -- OFFSET 0: the conditions stay outside, so that no partial index but the primary key finds the events
              SELECT 1 FROM (SELECT kind, hit_state, outcome FROM verification.access_event
                WHERE verification_id = asked.verification_id OFFSET 0) AS answered
              WHERE answered.kind = 'ANSWERED' AND answered.hit_state = 'confirmed' AND answered.outcome = 'FOUND')
          -- of one case the first for a business service, the same one whenever it is asked
          ORDER BY coalesce(asked.reference_hmac, uuid_send(asked.verification_id)), for_business DESC, asked.verification_id
        ) AS judged
        ORDER BY judged.same_case DESC, judged.for_business DESC, judged.id DESC
        LIMIT most
      ) AS newest
      WHERE newest.same_case OR newest.for_business OR NOT newest.any_fits
    ) AS best ON true
  );
END $$;
