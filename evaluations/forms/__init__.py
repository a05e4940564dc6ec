"""Forms of the evaluations, a file for each noun; they clean and never save."""
