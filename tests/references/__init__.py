"""Other libraries' numbers, recorded with their names and versions; running the tests needs neither of them."""
