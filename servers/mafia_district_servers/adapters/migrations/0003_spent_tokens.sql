-- Refresh tokens that were spent, each by one idempotency key, in one row: so a token is never spent
-- without its being known by which key.

CREATE TABLE spent (
    token    TEXT PRIMARY KEY,
    spent_by TEXT NOT NULL,
    until    INTEGER NOT NULL  -- when its successor has expired, and it itself long before
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_until ON spent (until);

-- They stood among the sessions, in two rows: the token's id, of 32 characters, and "id:key".
INSERT INTO spent SELECT substr(session, 1, 32), substr(session, 34), until
    FROM revoked WHERE session LIKE '%:%';

DELETE FROM revoked WHERE session LIKE '%:%';
