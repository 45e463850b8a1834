-- At the end of an agreement its sealed access right goes with its keys (O-15, O-18). Hits and evidence stay.
GRANT DELETE ON verification.upstream_access TO nik_verification;
