-- Who is logged in. Times are milliseconds since the epoch; rows whose `until` has passed mean
-- nothing any more and are swept away.

CREATE TABLE session (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    name    TEXT NOT NULL,
    guest   INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_account ON session (account);
CREATE INDEX session_until ON session (until);

-- A refresh token is known by its digest alone. It is good once: `used_at` is set when its
-- successor is stored, in the same transaction.
CREATE TABLE refresh (
    digest  BLOB PRIMARY KEY,
    session TEXT NOT NULL,
    used_at INTEGER,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_until ON refresh (until);

-- Sessions that were ended before their time: signed tokens of theirs may still be about.
CREATE TABLE ended_session (
    id    TEXT PRIMARY KEY,
    at    INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX ended_session_at ON ended_session (at);
CREATE INDEX ended_session_until ON ended_session (until);

CREATE TABLE spent_ticket (
    id    TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_ticket_until ON spent_ticket (until);
