"""Page objects: what can be done on a page, and what can be read from it. They assert nothing."""
