"""Numerical derivatives, and what they say about a gradient that was derived by hand."""
