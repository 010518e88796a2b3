"""The laboratory of the gradient check: is a gradient that was derived by hand right, and how can one know?"""
