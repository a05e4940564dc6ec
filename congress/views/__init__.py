"""Pages of the congress: find a thing, ask a rule, call one operation."""
