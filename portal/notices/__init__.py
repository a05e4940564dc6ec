"""Outbox, in-portal inbox, mail digest, group bots."""
