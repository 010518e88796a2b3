"""The bug hunt: the faulty block of a backward pass is to be named with few evaluations of the loss."""
