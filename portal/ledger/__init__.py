"""Append-only hash chain, seals, verification."""
