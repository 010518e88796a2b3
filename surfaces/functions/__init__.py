"""Test functions of two variables with exact derivatives, by what makes them hard."""
