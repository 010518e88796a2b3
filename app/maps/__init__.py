"""Maps: pictures over thousands of runs, with a folder for each kind."""
