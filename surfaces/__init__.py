"""Functions to minimise, with exact value, gradient and Hessian. NumPy and SciPy only."""
