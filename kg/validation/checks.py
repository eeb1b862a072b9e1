"""All checks, collected from the modules that run them: `kg explain`, docs/checks.md and the descriptions in SARIF.

Two families have a member for each constraint and rule: `shape:…` is described by the messages of the shapes,
`contradiction:…` by the rules of OWL 2 RL.
"""

from dataclasses import asdict, replace
from types import ModuleType

from pyoxigraph import Literal

from kg import terminal
from kg.dataset import golden, shards
from kg.dataset.lexicon import LEXICAL
from kg.errors import UsageError, clean, did_you_mean, markdown, to_json
from kg.findings import Check
from kg.rdf.namespaces import SH, SKOS, compact, local_name
from kg.rdf.terms import iri
from kg.reasoning import rules
from kg.reasoning.closure import CONTRADICTIONS
from kg.source import article, documents, graphs, layout, proposals
from kg.source.documents import Document
from kg.source.layout import GraphFolder
from kg.validation import (
    amounts,
    contrast,
    doubts,
    entities,
    facts,
    naming,
    ontology,
    queries,
    shacl_report,
    shapes,
    speech,
    status,
    unsaid,
    verdict,
    wording,
)
from kg.validation.shapes_graph import CONSTRAINTS, ShapesGraph

_GROUPS: dict[str, tuple[ModuleType, ...]] = {
    "Files": (documents,),
    "Articles, passages and background": (graphs, article, shards, proposals, doubts),
    "Facts": (facts, amounts, entities, naming, speech, wording, status, contrast, unsaid),
    "Shapes and reasoner": (shacl_report, verdict),
    "Ontology": (ontology,),
    "Shapes": (shapes,),
    "Stored queries": (queries, golden),
}
# Names after an error that are no checks.
_ERRORS = {
    "an error of use, exit code 2": (
        "ambiguous answer article aside editor key parameter picture receipts saying unknown-check unknown-query usage"
    ),
    "an error of input that cannot be read, exit code 3": (
        "address changed date endpoint extra git internal page port rdf-1.2 server shapes spark table tls version"
        " xml-character xml-name"
    ),
    "a limit, exit code 4": (
        "answer-size busy cluster crash cut memory memoryerror redirects symmetric recursionerror time-out tokens"
        " too-large"
    ),
}
_REPORTING = CONSTRAINTS | {SH + "node", SH + "select"}


def groups() -> dict[str, list[Check]]:
    """All checks by subject, each once: where it is defined, not where it is imported."""
    seen: set[str] = set()
    found: dict[str, list[Check]] = {}
    for title, modules in _GROUPS.items():
        checks = {c.id: c for m in modules for c in vars(m).values() if isinstance(c, Check) and c.id not in seen}
        seen |= checks.keys()
        found[title] = [checks[name] for name in sorted(checks)]
    return found


def collected() -> dict[str, Check]:
    """All checks by their ids; of a family the family itself."""
    return {check.id: check for checks in groups().values() for check in checks}


def described(name: str) -> Check:
    """The check of a finding, by its id; `shape:…` as its family is described, without the messages of the shapes."""
    known = {**collected(), **_contradictions()}
    family, _, member = name.partition(":")
    return known[name] if name in known else known[family].of(member)


def find(name: str, graph_folder: GraphFolder) -> Check:
    """The check with an id, also one of a family: `contradiction:cax-dw`, `shape:MinCount`, or a shape by its name.

    Raises UsageError for an id that is none, InputError where the shapes of the graph cannot be read.
    """
    name = name.strip("[]")
    known = collected()
    if name not in known and ":" in name:
        known |= _contradictions() | _shapes(graph_folder)
    if name not in known:
        if kind := next((kind for kind, names in _ERRORS.items() if name in names.split()), ""):
            raise UsageError(f"{name} is {kind}, and not a check", rule="unknown-check")
        hint = did_you_mean(name, {k: k for k in known}) or "`kg explain` lists them"
        raise UsageError(f"there is no check {name}", hint=hint, rule="unknown-check")
    return known[name]


def _contradictions() -> dict[str, Check]:
    """The members of the family by the rules of OWL 2 RL; the example is the body of the rule."""
    rows = (line.split(maxsplit=1) for line in rules.TABLE.strip().splitlines() if line)
    bodies = {name: row.partition(" →")[0] for name, row in rows}
    says = {name: f"{message.capitalize()} (OWL 2 RL, {name})." for name, message in CONTRADICTIONS.items()}
    members = (replace(verdict.CONTRADICTION.of(n), says=s, wrong=bodies.get(n, ""), right="") for n, s in says.items())
    return {check.id: check for check in members}


def _shapes(graph_folder: GraphFolder) -> dict[str, Check]:
    """The members of the family by constraint components and by shapes; each says what its messages say."""
    files = layout.files_in(graph_folder.shapes, (".ttl",))
    shapes = ShapesGraph(Document(f, "", tuple(documents.parse_file(f, apart=True))) for f in files)
    messages: dict[str, dict[str, None]] = {}
    for node, values in shapes.values.items():
        for message in values.get(SH + "message", []):
            shape = shapes.name(node)
            for name in (shape, *map(_component, sorted(values.keys() & _REPORTING))):
                messages.setdefault(name, {})[f"{shape}: {getattr(message, 'value', '')}"] = None
    return {
        f"shape:{name}": replace(shacl_report.SHAPE.of(name), says="\n".join(lines), wrong="", right="")
        for name, lines in messages.items()
    }


def _component(parameter: str) -> str:
    """The name of a constraint component by its parameter: `MinCount` by `sh:minCount` (SHACL §4)."""
    name = local_name(parameter)
    return "SPARQL" if name == "select" else name[0].upper() + name[1:]


def write(check: Check, form: str) -> str:
    """A check as `text`, `md` or `json`."""
    if form == "json":
        return to_json(asdict(check))
    return _section(check).strip() + "\n" if form == "md" else _text(check)


def write_term(name: str, graph_folder: GraphFolder, form: str) -> str:
    """The definition of a term (`ent:Support`) and what the lexicon says of it, as `text`, `md` or `json`.

    Raises UsageError for one that the ontology has not, InputError where the ontology of the graph cannot be read.
    """
    files = layout.files_in(graph_folder.ontology, (".ttl",))
    said: dict[str, dict[str, list[str]]] = {}
    for t in (q.triple for file in files for q in documents.parse_file(file)):
        if t.predicate.value in (SKOS + "definition", *LEXICAL) and isinstance(t.object, Literal):
            rows = said.setdefault(compact(iri(t.subject)), {})
            rows.setdefault(local_name(t.predicate.value), []).append(t.object.value)
    if name not in said:
        hint = did_you_mean(name, {k: k for k in said}) or "docs/ontology.md has the terms"
        raise UsageError(f"the ontology has no term {name}", hint=hint, rule="unknown-check")
    found = {key: said[name][key] for key in sorted(said[name])}
    if form == "json":
        return to_json({"term": name, **found})
    if form == "md":
        lines = (f"- {key}: `{clean(text)}`\n" for key, texts in found.items() for text in texts)
        return f"### {markdown(name)}\n\n{''.join(lines)}"
    return f"{name}\n" + "".join(f"  {key}\n{_indented(chr(10).join(texts), 4)}" for key, texts in found.items())


def write_all(form: str) -> str:
    """All checks as `md`, `json` or `text`, a line each."""
    if form == "json":
        return to_json([asdict(check) for check in collected().values()])
    if form == "md":
        return "\n".join(f"## {title}\n\n{''.join(map(_section, checks))}" for title, checks in groups().items())
    return "\n".join(
        f"{title}\n{''.join(f'  {c.id}: {c.says}{chr(10)}' for c in checks)}" for title, checks in groups().items()
    )


def _text(check: Check) -> str:
    """A check as plain text, indented below its id, its sentences as wide as the terminal."""
    told = "\n".join(terminal.wrap(f"{check.says}\n{check.why}", max(terminal.terminal_width() - 2, 20)))
    text = f"{check.id}: {' or '.join(check.severities)}\n{_indented(told, 2)}"
    examples = (("Wrong:", check.wrong), ("Right:", check.right))
    return text + "".join(f"  {title}\n{_indented(example, 4)}" for title, example in examples if example)


def _section(check: Check) -> str:
    lines = check.says.split("\n")
    if check.id.startswith(f"{shacl_report.SHAPE.id}:"):  # messages of shapes
        lines = [markdown(line) for line in lines]
    says = "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else f"**{lines[0]}**"
    lines = [f"- {x}\n" for x in check.wrong.splitlines()] + [f"+ {x}\n" for x in check.right.splitlines()]
    example = f"```diff\n{''.join(lines)}```\n\n" if check.wrong else ""
    return f"### {check.id}\n\n{says}\n\n{check.why} ({' or '.join(check.severities)})\n\n{example}"


def _indented(lines: str, spaces: int) -> str:
    return "".join(f"{' ' * spaces}{clean(line)}\n" for line in lines.split("\n"))
