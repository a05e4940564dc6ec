"""Whatever must be RATED: the floors are ready, the app is built on them next."""
