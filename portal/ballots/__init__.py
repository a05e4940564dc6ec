"""The sealed ballot box under congress votes, elections and appraisals (docs/decisions/0030-sealed-ballots.md)."""
