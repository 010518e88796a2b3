"""Wrappers around a problem that add noise, count evaluations or interrupt long work."""
