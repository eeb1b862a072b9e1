"""What a release must hold: package, ontology, changelog and tag have one version.

`python -m tools.release` checks the checkout, `python -m tools.release v1.2.3` a release with that tag, for which the
changelog has to name the day. Prints what the changelog says of the version; exit 1 with what is wrong, if anything is.
"""

import re
import sys
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg import __version__
from kg.rdf.namespaces import DCTERMS, ONTOLOGY_GRAPH, OWL

ROOT = Path(__file__).parents[1]
UNRELEASED = "unreleased"


def problems(folder: Path, version: str, tag: str = "") -> list[str]:
    """What keeps a checkout of the package of that version from being released under a tag, or from being one."""
    said = [f"the tag {tag} is not that of version {version}: v{version}"] if tag not in ("", f"v{version}") else []
    source = b"".join(path.read_bytes() for path in sorted((folder / "ontology").glob("*.ttl")))
    about = [q.triple for q in parse(source, format=RdfFormat.TURTLE) if q.subject == NamedNode(ONTOLOGY_GRAPH)]
    values = {t.predicate.value: getattr(t.object, "value", "") for t in about}
    for name, wanted in (("versionInfo", version), ("versionIRI", f"{ONTOLOGY_GRAPH}/{version}")):
        if values.get(OWL + name) != wanted:
            said.append(f"the ontology's owl:{name} is {values.get(OWL + name)}, not {wanted}")
    day, _ = section(folder, version)
    if not day:
        said.append(f"CHANGELOG.md does not begin with version {version}")
    elif day != UNRELEASED and day < values.get(DCTERMS + "modified", ""):
        said.append(f"the ontology was modified after {day}, the day of version {version} in CHANGELOG.md")
    elif day == UNRELEASED and tag:
        said.append(f"CHANGELOG.md names no day of version {version}")
    return said


def section(folder: Path, version: str) -> tuple[str, str]:
    """The day and the text of a version in the changelog, if it is the first there; else empty."""
    text = (folder / "CHANGELOG.md").read_text("utf-8")
    found = re.search(r"^## \[(.+?)\] – (\d{4}-\d\d-\d\d|unreleased)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return (found[2], found[3].strip()) if found and found[1] == version else ("", "")


def main(arguments: list[str]) -> int:
    """Print the text of the version, or on stderr what is wrong."""
    said = problems(ROOT, __version__, *arguments[:1])
    for problem in said:
        print(f"error: {problem}", file=sys.stderr)
    if not said:
        print(section(ROOT, __version__)[1])
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
