"""Everything the map draws: one file per layer, and the JSON feed that fills it."""
