"""How it is minimised: optimizers, schedules and the one loop that runs them."""
