"""Who may do what in the evaluations, each no with its reason, a file for each noun."""
