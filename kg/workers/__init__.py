"""Processes that answer requests one at a time and can be killed, and a pool of them."""
