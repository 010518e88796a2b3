"""Losses of models with two weights over measurements, and the measurements."""
