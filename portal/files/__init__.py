"""Uploads: checked, cleaned of metadata, stored privately, served only by an authorised view."""
