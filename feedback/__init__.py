"""Whatever must be ANSWERED by a deadline."""
