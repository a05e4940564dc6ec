"""Journeys through the running portal in Chromium, as people walk them."""
