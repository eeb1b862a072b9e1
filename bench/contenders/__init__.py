"""What each contender does, as scripts that run in its own environment; they tell their seconds as JSON."""
