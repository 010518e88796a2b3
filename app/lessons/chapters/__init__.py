"""The lessons, a chapter a module."""
