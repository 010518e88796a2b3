"""A function that a visitor types: read, differentiated, evaluated and printed, never run as code."""
