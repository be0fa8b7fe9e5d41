"""People: accounts and their passwords, what admins do about them, and how they stand."""
