"""The page About: what this is, and what of it is verified."""
