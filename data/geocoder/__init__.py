"""Addresses to places, offline, over the district's own names and numbers."""
