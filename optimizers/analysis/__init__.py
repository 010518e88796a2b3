"""Analysis of runs: diagnostics, verdicts and their causes, sweeps, rankings, and predictions of theory."""
