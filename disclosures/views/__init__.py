"""Find a thing through a query, ask a rule, call one operation, say a sentence."""
