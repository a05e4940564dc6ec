"""Pages of the evaluations, a file for each noun."""
