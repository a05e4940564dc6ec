"""Whatever must be SHOWN: the floors are ready, the app is built on them next."""
