-- Every game's log, append-only. The primary keys of `entry` and `command` are the two constraints
-- on which exactly-once rests: one entry a version, one command a key.

CREATE TABLE game (
    id         TEXT PRIMARY KEY,
    epoch      TEXT NOT NULL,     -- another epoch, another numbering: clients begin anew
    name       TEXT NOT NULL,
    public     INTEGER NOT NULL,
    code       TEXT NOT NULL,     -- the join code of a private lobby: a secret
    created_at INTEGER NOT NULL,  -- milliseconds since the epoch, as all times here
    header     BLOB NOT NULL,     -- canonical JSON; the hash chain begins with it
    seed       BLOB NOT NULL,     -- a secret until the game has ended
    ended      INTEGER NOT NULL DEFAULT 0,
    opener     TEXT NOT NULL,
    command_id TEXT NOT NULL,
    body_hash  BLOB NOT NULL,
    UNIQUE (opener, command_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX game_unfinished ON game (created_at) WHERE ended = 0;

CREATE TABLE entry (
    game       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    command_id TEXT NOT NULL,
    audience   INTEGER NOT NULL,  -- -1 everyone, 0 the keeper, otherwise a mask of seats
    event      BLOB NOT NULL,     -- canonical JSON, free text replaced by its digest
    texts      BLOB,              -- the free text with its salt; may be erased
    hash       BLOB NOT NULL,
    PRIMARY KEY (game, version)
) STRICT, WITHOUT ROWID;

-- The keys of a game lie in the order in which they come: those that the server makes begin with
-- the time, so a commit changes one page of each game here and not one for each command.
CREATE TABLE command (
    game          TEXT NOT NULL,
    actor         TEXT NOT NULL,  -- an account, "house", or "bot:<seat>"
    command_id    TEXT NOT NULL,
    body_hash     BLOB NOT NULL,
    seat          INTEGER NOT NULL,
    first_version INTEGER NOT NULL,
    last_version  INTEGER NOT NULL,
    PRIMARY KEY (game, command_id, actor)
) STRICT, WITHOUT ROWID;

CREATE TABLE seating (
    game    TEXT NOT NULL,
    seat    INTEGER NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (game, seat),
    UNIQUE (game, account)
) STRICT, WITHOUT ROWID;

-- Everybody who ever had to do with a game: who had a seat in it once sees nothing of it as its
-- keeper and comes into it as nobody's substitute, and who opened the keeper's desk takes no seat.
CREATE TABLE past (
    game    TEXT NOT NULL,
    account TEXT NOT NULL,
    seat    INTEGER NOT NULL,  -- the last that it took, or -3: the keeper's desk
    PRIMARY KEY (game, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX past_account ON past (account);

CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;
