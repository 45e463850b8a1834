-- A schema of temporary objects that is not named is looked into first: whoever calls these functions could put a type of his own in the
-- place of one of theirs, and its checks would run with the rights of the tables' owner.
ALTER FUNCTION verification.queue_access_events() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION verification.queue_reported_events() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION verification.sequence_log(integer, integer) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION verification.open_after_gap(jsonb, integer, text) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION verification.record_upstream() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION verification.tally_next(integer, integer) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION verification.check_next() SET search_path = pg_catalog, pg_temp;
