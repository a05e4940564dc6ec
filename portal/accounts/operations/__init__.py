"""The verbs of the people's floor, by noun; the only place that writes."""
