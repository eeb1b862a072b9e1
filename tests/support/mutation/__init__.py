"""Whether the tests would notice: rules and checks are spoilt in one place at a time, and some test must fail.

A spoilt rule is a mutant; one that no test notices survives. A survivor is a test to write, or it is explained in
place, on its line or right above: `# survives: reason`. Run with `make mutants`, or of one kind only:

    python -m tests.support.mutation shapes
    python -m tests.support.mutation checks --sample 60 --seed 1
"""
