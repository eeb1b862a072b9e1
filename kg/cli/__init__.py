"""The command `kg`: arguments parsed, the library called, results printed."""
