"""Everything a person meets: one thin file per screen."""
