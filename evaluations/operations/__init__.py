"""The verbs of the evaluations, a file for each noun; the only place that writes."""
