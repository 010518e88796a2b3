"""Pictures over thousands of runs: what is asked, the work that answers it, and what the browser is told."""
