"""Pages that gather from every app: front page, worker home, errors, style page."""
