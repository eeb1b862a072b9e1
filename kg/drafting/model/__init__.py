"""Proposals by a language model: what is sent, what comes back, and how long it goes on; nothing is taken on trust.

`terms` is the part of the ontology that words touch, `prompt` what is sent, `answers` turns what comes back into
proposals, `client` speaks to the server, and `rounds` asks, has the checks judge, and asks again.
"""
