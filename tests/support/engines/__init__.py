"""Other people's SPARQL engines, to see that each stored query gives there the rows that it gives here.

`make engines` installs what is missing, starts one after the other and asks it all; by hand, and by name:

    python -m tests.support.engines oxigraph jena-tdb
"""
