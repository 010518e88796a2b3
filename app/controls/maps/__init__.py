"""The kinds of maps that can be chosen, one module each, and what they have in common."""
