"""The command: `python -m tests.support.mutation [shapes|checks] [--sample N] [--seed S] [--jobs N]`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))  # where pytest finds the tests' own modules, too
    try:
        from mutation.command import main

        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell has it
