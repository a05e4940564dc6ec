"""Workbooks and documents in the forms an office expects."""
