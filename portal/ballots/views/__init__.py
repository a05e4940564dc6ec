"""Pages of the ballot box: voting, the code page, the desk, the ceremony, results."""
