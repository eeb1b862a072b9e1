"""What serves the repository and is no part of the package: nothing here is installed."""
