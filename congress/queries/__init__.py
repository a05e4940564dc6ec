"""Reads of the congress, a file for each area."""
