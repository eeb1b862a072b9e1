"""The command `kg`: arguments parsed, the library called, results printed.

`main` runs a command and turns errors into exit codes, `parser` has commands and options, `commands` what each does,
`report` and `report_ci` how findings and lists are written, `diff` compares two states of a graph.
"""
