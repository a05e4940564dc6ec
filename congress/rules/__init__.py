"""Who may do what with terms and delegates, a file for each area."""
