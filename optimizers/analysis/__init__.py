"""What runs did and why: diagnostics, verdicts, sweeps, rankings, and what theory predicts."""
