"""All runs tuned with the same budget, and raced from a hundred starts."""
