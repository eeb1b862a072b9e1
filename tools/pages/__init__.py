"""`python -m tools.pages` writes the reference pages, and the outputs that other pages show."""
