"""Forms of feedback: they clean, and never save."""
