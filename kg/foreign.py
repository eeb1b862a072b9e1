"""Judging data and shapes that are no graph folder: any RDF files that the user names."""

from pyoxigraph import Literal, NamedNode, Quad

from kg import literals, shacl, shape_hygiene, sources
from kg.errors import InputError
from kg.findings import Finding, ordered
from kg.sources import Document
from kg.vocabulary import readable
from kg.wording import LITERAL


def judge(data: list[str], shapes: list[str]) -> list[Finding]:
    """What SHACL and the lexical check find in files. Raises InputError for what is empty or cannot be read."""
    documents, rules = ([_document(path, apart=len(paths) > 1) for path in paths] for paths in (data, shapes))
    for what, rows in (("data", documents), ("shapes", rules)):
        if not any(d.quads for d in rows):
            raise InputError(f"there are no {what}: nothing can be judged", rule="empty")
    reaching = shape_hygiene.reaching_out(rules)
    if reaching:
        return ordered(reaching)
    found = shacl.Judge(rules, ()).judge(t for d in documents for t in d.triples)
    wrong = (f for d in documents for q in d.quads if (f := _literal(d, q)))
    homes = {t.subject: d for d in reversed(documents) for t in reversed(d.triples)}
    return ordered([*(_result(homes.get(r.focus, documents[0]), r) for r in found), *wrong])  # type: ignore[arg-type]


def _document(path: str, *, apart: bool) -> Document:
    quads = tuple(sources.parse_file(path, apart=apart))
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read() if path.endswith((".ttl", ".trig", ".nt", ".nq")) else ""
    return Document(path, text, quads)


def _literal(document: Document, quad: Quad) -> Finding | None:
    problem = literals.problem(quad.object) if isinstance(quad.object, Literal) else None
    triple = (quad.subject, quad.predicate, quad.object)
    return document.finding(LITERAL, problem, triple=triple) if problem else None


def _result(document: Document, result: shacl.Result) -> Finding:
    focus = readable(result.focus.value) if isinstance(result.focus, NamedNode) else "a thing without a name"
    triple = (result.focus, result.path, result.value)
    return document.finding(result.check, f"{focus}: {result.message}", severity=result.severity, triple=triple)
