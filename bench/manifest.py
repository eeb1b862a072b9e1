"""The manifests of W3C's suites of test cases: files `manifest.ttl` with a list of entries (`mf:entries`)."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse
from urllib.request import url2pathname

from pyoxigraph import BlankNode, NamedNode, Quad, parse

from kg.rdf.namespaces import RDF_TYPE, local_name
from kg.rdf.terms import Term, described, iri, members

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"


class Entry(NamedTuple):
    """A test case: its name, the local name of its type, and what it names.

    `base` is the IRI that the suite assumes of the folder of the manifest; empty where it assumes none. `given` has the
    values of its action by the local name of the property, such as `query`; a file that is the action itself is `file`.
    """

    name: str
    type: str
    folder: Path
    base: str
    given: dict[str, list[Term]]
    result: Term | None

    def files(self, name: str) -> list[Path]:
        """The files that the action names so."""
        return [file(term) for term in self.given.get(name, ())]


def entries(folder: Path) -> Iterator[Entry]:
    """The entries of all manifests in a folder, in their order."""
    for manifest in sorted(folder.rglob("manifest.ttl")):
        of = described(q.triple for q in read(manifest))
        bases = [iri(x).rstrip("/") for values in of.values() for x in values.get(_MF + "assumedTestBase", ())]
        heads = [x for values in of.values() for x in values.get(_MF + "entries", ())]
        for node in (x for head in heads for x in members(of, head)):
            values = of.get(node, {})
            for action in values.get(_MF + "action", ()):
                parts = {local_name(p): objects for p, objects in of.get(action, {}).items()}
                given: dict[str, list[Term]] = parts if isinstance(action, BlankNode) else {"file": [action]}
                name = (manifest.parent.relative_to(folder) / local_name(iri(node))).as_posix()
                kind, results = local_name(iri(values[RDF_TYPE][0])), values.get(_MF + "result", [None])
                yield Entry(name, kind, manifest.parent, bases[0] if bases else "", given, results[0])


def read(path: Path) -> list[Quad]:
    """The statements of a file, whose relative IRIs are read against its own."""
    return list(parse(path=str(path), base_iri=path.as_uri()))


def file(term: Term) -> Path:
    """The file of an IRI."""
    assert isinstance(term, NamedNode)
    return Path(url2pathname(urlparse(term.value).path))
