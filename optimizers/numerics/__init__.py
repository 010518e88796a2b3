"""Linear algebra, quadratic models, line searches and caching that the methods share."""
