"""How fast the laboratory is, each figure beside something measured in the same run."""
