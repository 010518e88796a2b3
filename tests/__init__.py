"""Everything against everything: tables of truths, the app, the browser and the benchmarks."""
