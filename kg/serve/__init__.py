"""The server: a SPARQL 1.1 Protocol endpoint for queries, linked data and pages, answered by processes with limits."""
