-- A schema of temporary objects that is not named is looked into first: whoever calls these functions could put a type of his own in the
-- place of one of theirs, and its checks would run with the rights of the tables' owner.
ALTER FUNCTION access.queue_for_evidence() SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION access.claim_for_evidence(integer, uuid[]) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION access.queue_read_for_evidence() SET search_path = pg_catalog, pg_temp;
