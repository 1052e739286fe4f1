"""Shapes and coordinates in, shapes and values out: CRS and datum, coverage, location, clusters."""
