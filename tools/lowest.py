"""The lowest versions that `pyproject.toml` allows, as a file of constraints for pip: `python -m tools.lowest`.

What these require in turn is left to pip, so the set resolves only if the lower bounds go together.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lowest(requirements: list[str]) -> list[str]:
    """`name==version` for each requirement. Raises ValueError for one without a lower bound."""
    return [f"{name}=={version}" for name, version in map(_bound, requirements)]


def _bound(requirement: str) -> tuple[str, str]:
    found = re.fullmatch(r"([\w.-]+)(?:>=|==)([\w.]+)(?:,<[\w.]+)?(?: ;.*)?", requirement)
    if found is None:
        raise ValueError(f"{requirement} has no lower bound")
    return found[1], found[2]


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [r for extra in project["optional-dependencies"].values() for r in extra]
    print("\n".join(lowest(project["dependencies"] + extras)))
