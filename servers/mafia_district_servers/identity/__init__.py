"""Identity: who a caller is, and how that is proved."""
