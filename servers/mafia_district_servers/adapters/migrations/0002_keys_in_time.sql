-- The keys of a game in the order in which they come: those that the server makes begin with the
-- time, so a commit changes one page of each game here and not one for each command.

CREATE TABLE command_in_time (
    game          TEXT NOT NULL,
    actor         TEXT NOT NULL,  -- an account, "house", or "bot:<seat>"
    command_id    TEXT NOT NULL,
    body_hash     BLOB NOT NULL,
    seat          INTEGER NOT NULL,
    first_version INTEGER NOT NULL,
    last_version  INTEGER NOT NULL,
    PRIMARY KEY (game, command_id, actor)
) STRICT, WITHOUT ROWID;

INSERT INTO command_in_time SELECT * FROM command;

DROP TABLE command;

ALTER TABLE command_in_time RENAME TO command;
