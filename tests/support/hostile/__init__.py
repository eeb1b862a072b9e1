"""Hostile inputs: what somebody could put into a pull request, a query or a file to break, spy or stall the tool.

Each module makes the inputs of one kind. A case says what to write into a copy of a tiny graph folder, which command
meets it, and which exit codes are right; see `hostile.case`. `hostile.runner` runs them where it hears and sees what
they reach for.
"""
