"""The verbs of the notices floor, by noun; the only place that writes, with portal.notices.outbox.post."""
