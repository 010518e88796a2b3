"""Wrappers around a problem: gradient noise, counted evaluations, interruption of long work, rounding errors."""
