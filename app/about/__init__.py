"""The page About: a description of the site, and what is verified."""
