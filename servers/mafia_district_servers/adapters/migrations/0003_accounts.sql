-- Registered people. Times are milliseconds since the epoch. An account's id is random and says
-- nothing of its owner; everything that does lies in `account`, `device` and `report`, and goes when
-- the account is deleted.

CREATE TABLE account (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,         -- the user name as it was given
    folded       TEXT NOT NULL UNIQUE,  -- the same for comparing: NFKC, case-folded
    display      TEXT NOT NULL,         -- what others see; need not be unique
    email        TEXT,
    email_folded TEXT UNIQUE,
    password     TEXT NOT NULL,         -- an argon2id hash with its parameters and its salt
    secret       TEXT NOT NULL,         -- own, once or used: what that password is good for
    role         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    key          TEXT NOT NULL          -- the idempotency key of the registration
) STRICT, WITHOUT ROWID;

-- On which devices an account was seen. The fingerprint is kept as a keyed hash alone, and swept
-- away when it has not been seen for 90 days.
CREATE TABLE device (
    digest  BLOB NOT NULL,
    account TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (digest, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX device_account ON device (account);
CREATE INDEX device_seen_at ON device (seen_at);

-- Bans and mutes in force, of accounts and of guests. What was in force before, `audit` tells.
CREATE TABLE sanction (
    account TEXT NOT NULL,
    kind    TEXT NOT NULL,     -- ban or mute
    until   INTEGER,           -- NULL: for good
    reason  TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX sanction_kind ON sanction (kind, until);

CREATE TABLE report (
    number   INTEGER PRIMARY KEY,
    reporter TEXT NOT NULL,
    account  TEXT NOT NULL,
    game     TEXT NOT NULL,    -- empty where it is about no game
    reason   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    key      TEXT NOT NULL,
    UNIQUE (reporter, key)
) STRICT;

CREATE INDEX report_account ON report (account);

-- Every action of an admin, append-only; the key makes a repeat of the request known.
CREATE TABLE audit (
    number     INTEGER PRIMARY KEY,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    whom       TEXT NOT NULL,
    detail     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    UNIQUE (who, key)
) STRICT;

-- What a game came to for an account, computed once from its log. `settled_game` says of which games
-- that was done: many leave no row here.
CREATE TABLE result (
    game       TEXT NOT NULL,
    account    TEXT NOT NULL,
    side       TEXT NOT NULL,
    role       TEXT NOT NULL,
    won        INTEGER NOT NULL,
    days       INTEGER NOT NULL,
    reputation INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (account, game)
) STRICT, WITHOUT ROWID;

CREATE TABLE settled_game (
    game TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The looks that an account has bought, each once, at the price of that day.
CREATE TABLE owned_look (
    account TEXT NOT NULL,
    asset   TEXT NOT NULL,
    price   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, asset)
) STRICT, WITHOUT ROWID;
