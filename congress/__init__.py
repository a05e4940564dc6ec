"""Whatever must be DECIDED: the floors are ready, the app is built on them next."""
