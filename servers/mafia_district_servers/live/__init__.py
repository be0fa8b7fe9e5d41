"""Live: the WebSockets of `mafia.v1`, from the upgrade to the last frame."""
