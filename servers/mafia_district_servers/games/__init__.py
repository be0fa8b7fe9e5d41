"""The games: the one way to a game's log, for every door of every service.

Nothing here knows of HTTP, tokens or sockets: an account acts, the log grows, the feed tells.
"""
