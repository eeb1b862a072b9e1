"""Mutation testing: shapes and checks are changed in one place at a time, and some test must fail.

A mutant that no test notices needs a test, or a comment that says why it is equivalent, at the end of its line or right
above: `# equivalent: reason`. Run with `make mutants`, or of one kind only:

    python -m tests.support.mutation shapes
    python -m tests.support.mutation checks --module kg.text.quotes
    python -m tests.support.mutation checks --sample 60 --seed 1
"""
