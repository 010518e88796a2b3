"""What is minimised: functions with exact value, gradient and Hessian. NumPy and SciPy only."""
