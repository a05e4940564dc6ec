"""No tables: verdicts, transitions, days, texts, form and view bases."""
