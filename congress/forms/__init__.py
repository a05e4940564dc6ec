"""HTTP text into clean values; nothing here saves."""
