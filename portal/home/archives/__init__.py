"""Backups: one archive of database, uploads and a stamp, sealed to a key the server does not hold."""
