"""An export conforms to the published shapes, `shapes/*.ttl`, under pyshacl as anybody runs it.

What only sources can keep stands in `shapes/authoring/`.
"""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
from folders import copy_of_checkout
from pyoxigraph import NamedNode
from running import ROOT, environment
from shape_cases import ontology, world

import kg
from kg.cli.main import main
from kg.graph import Graph
from kg.rdf.namespaces import ENT, OWL, RDFS, SH, compact
from kg.reasoning import close
from kg.source import documents, layout
from kg.validation.shacl import Validator
from kg.validation.shapes_graph import ShapesGraph

# rdflib uses what it deprecates itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
# To whom a contested place belongs, neither an article nor a rule says.
HOLDS_OF_WHAT_IS_INFERRED = {("ContestedPlace", ENT + "locatedIn")}


def concatenated(folder: str) -> str:
    """What `cat FOLDER/*.ttl` writes."""
    return "".join(path.read_text("utf-8") for path in sorted((ROOT / folder).glob("*.ttl")))


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("published") / "shapes.ttl"
    file.write_text(concatenated("shapes"), "utf-8")
    return file


@pytest.fixture(scope="module", params=["checkout", "second", "example"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """All articles of the checkout, the second one of the tests alone, and the graph that `kg init` makes."""
    if request.param == "checkout":
        found: Graph = request.getfixturevalue("checkout")
        return found
    folder = tmp_path_factory.mktemp("exported") / request.param
    if request.param == "example":
        assert main(["init", str(folder)]) == 0
    else:
        shutil.copytree(ROOT / "tests" / "graphs" / "second" / "kg", folder / "kg")
        for part in ("ontology", "shapes"):
            shutil.copytree(ROOT / part, folder / part)
    return kg.open(str(folder))


def conforms(data: bytes, shapes: Path, name: str = "turtle", ontology: str | None = None) -> str:
    """Empty where pyshacl finds nothing, not even a warning; else its report."""
    found, _, report = pyshacl.validate(
        data.decode(), shacl_graph=str(shapes), ont_graph=ontology, data_graph_format=RDFLIB[name]
    )
    return "" if found else report


@pytest.mark.parametrize("claims", [False, True])
def test_an_export_conforms_to_the_published_shapes(exported: Graph, claims: bool, shapes: Path) -> None:
    assert conforms(exported.export(claims=claims), shapes) == ""


def test_the_one_ontology_conforms_while_dates_are_dates(exported: Graph, shapes: Path) -> None:
    assert conforms(exported.export(owl=True, claims=True, dates="keep"), shapes) == ""


@pytest.mark.parametrize("name", RDFLIB)
def test_it_conforms_in_each_format(name: str, checkout: Graph, shapes: Path) -> None:
    assert conforms(checkout.export(name), shapes, name) == ""


def test_it_conforms_beside_the_ontology_and_without_what_was_inferred(exported: Graph, shapes: Path) -> None:
    for asserted_only in (False, True):
        data = exported.export(asserted_only=asserted_only)
        assert conforms(data, shapes, ontology=concatenated("ontology")) == ""


@pytest.mark.skipif(os.name == "nt", reason="the page has commands of a POSIX shell")
def test_the_commands_of_the_page_say_so(tmp_path: Path) -> None:
    folder = copy_of_checkout(tmp_path)
    page = (ROOT / "docs" / "exports.md").read_text("utf-8")
    commands = [
        block for block in re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL) if "pyshacl" in block
    ]
    assert len(commands) == 2
    ours = environment(PATH=os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]))
    for block in commands:
        done = subprocess.run(["sh", "-e"], input=block, text=True, cwd=folder, env=ours, capture_output=True)
        assert (done.returncode, done.stderr, done.stdout) == (0, "", "Validation Report\nConforms: True\n")


def test_what_lacks_a_fact_does_not_conform(checkout: Graph, shapes: Path) -> None:
    data = checkout.export()
    spoilt = data.replace(b"    ent:annexing id:russia ;\n", b"")
    assert spoilt != data
    assert "An annexation needs the state" in conforms(spoilt, shapes)


def test_what_is_inferred_in_a_world_without_fault_conforms(shapes: Path) -> None:
    """Each published shape validates something there."""
    published = [d for d in [documents.parse_text("shapes.ttl", shapes.read_text("utf-8"), [])] if d]
    whole = [*world(), *close([*ontology(), *world()]).inferred]
    assert [str(result) for result in Validator(published, []).validate(whole)] == []


def inferable() -> set[str]:
    """The properties of which a rule can infer values: those above others, of chains, symmetric and transitive ones."""
    above, chain = (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"), OWL + "propertyChainAxiom"
    kinds = [NamedNode(OWL + name) for name in ("SymmetricProperty", "TransitiveProperty")]
    found = [t.object for t in ontology() if t.predicate.value in above and isinstance(t.subject, NamedNode)]
    found += [t.subject for t in ontology() if t.predicate.value == chain or t.object in kinds]
    return {p.value for p in found if isinstance(p, NamedNode)}


def bounded(folder: str) -> Iterator[tuple[str, str]]:
    """The shapes that bound the number of values, each with its property."""
    graph = ShapesGraph([d for d in [documents.parse_text("shapes.ttl", concatenated(folder), [])] if d])
    for shape, values in graph.values.items():
        if SH + "maxCount" in values or SH + "qualifiedMaxCount" in values:
            yield from ((graph.name(shape), p.value) for p in values[SH + "path"] if isinstance(p, NamedNode))


def test_no_published_shape_bounds_what_can_be_inferred() -> None:
    heads = inferable()
    assert {compact(p) for p in heads} >= {"ent:backs", "ent:backer", "ent:status", "ent:locatedIn", "ent:partOf"}
    assert {found for found in bounded("shapes") if found[1] in heads} == HOLDS_OF_WHAT_IS_INFERRED
    assert {name for name, p in bounded("shapes/authoring") if p in heads} >= {"Shortcut", "PairedSupport"}


def test_both_kinds_of_shapes_judge_the_sources() -> None:
    folder = layout.GraphFolder(str(ROOT))
    files = {Path(d.path).as_posix() for d in documents.load_sources(folder).shapes}
    assert {"shapes/agents.ttl", "shapes/authoring/facts.ttl", "shapes/authoring/ontology.ttl"} <= files
