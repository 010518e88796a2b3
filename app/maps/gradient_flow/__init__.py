"""The map that compares runs with the flows in continuous time that they approximate."""
