"""`kg export --owl` in other people's OWL tools: Owlready2, HermiT and the OWL API; `make owl` runs this."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from running import ROOT

from kg.cli.main import main
from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID, RDF_TYPE

pytestmark = [
    pytest.mark.owl,
    pytest.mark.filterwarnings("ignore"),  # of Owlready2
    pytest.mark.skipif(shutil.which("java") is None, reason="HermiT and the OWL API need Java"),
]
OWL_API = Path("/usr/share/java/owlapi-distribution.jar")  # of Debian's libowlapi-java
TRIED = (ROOT / "docs" / "exports.md").read_text("utf-8")


def command(graph: Graph, file: Path, *options: str) -> Path:
    assert main(["-C", graph.graph_folder.root, "export", "--owl", *options, "-o", str(file)]) == 0
    return file


@pytest.fixture(scope="module", params=[(), ("--claims",), ("--dates", "omit"), ("--asserted-only",)], ids=" ".join)
def file(request: pytest.FixtureRequest, graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return command(graph, tmp_path_factory.mktemp("owl") / "entente.owl", *request.param)


@pytest.fixture
def world(file: Path) -> Iterator[Any]:
    """The file, loaded by Owlready2."""
    import owlready2

    found = owlready2.World()
    found.get_ontology(file.as_uri()).load()
    yield found
    found.close()


def test_owlready2_sees_classes_properties_and_individuals(world: Any, graph: Graph) -> None:
    assert world[ENT + "ArmsDeal"] in world.classes()
    assert world[ENT + "ArmsDeal"].is_a == [world[ENT + "Agreement"]]
    assert world[ENT + "seller"] in world.object_properties()
    assert world[ENT + "quote"] in world.data_properties()
    things = {t.subject.value for t in graph.triples() if t.predicate.value == RDF_TYPE}  # type: ignore[union-attr]
    assert things <= {individual.iri for individual in world.individuals()}
    deal, turkey = world[ID + "s-400-deal"], world[ID + "turkey"]
    assert isinstance(deal, world[ENT + "ArmsDeal"])
    assert deal.seller == [world[ID + "russia"]]
    assert [str(label) for label in turkey.label] == ["Turkey"]
    assert world[ENT + "planned"].is_a == [world[ENT + "Status"]]


def test_hermit_says_it_is_consistent_and_infers_what_we_do(world: Any, graph: Graph) -> None:
    import owlready2

    owlready2.sync_reasoner_hermit(world, debug=0)  # raises OwlReadyInconsistentOntologyError
    assert list(world.inconsistent_classes()) == []
    for t in graph.build.inferred:
        if t.predicate.value == RDF_TYPE:
            kind, thing = world[t.object.value], world[t.subject.value]  # type: ignore[union-attr]
            assert isinstance(thing, kind), t


def test_hermit_finds_a_contradiction(graph: Graph, tmp_path: Path) -> None:
    import owlready2

    world = owlready2.World()
    ontology = world.get_ontology(command(graph, tmp_path / "entente.owl").as_uri()).load()
    with ontology:
        world[ID + "turkey"].is_a.append(world[ENT + "Event"])
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        owlready2.sync_reasoner_hermit(world, debug=0)
    world.close()


def test_owlready2_reads_the_quote_of_an_axiom(graph: Graph, tmp_path: Path) -> None:
    import owlready2

    world = owlready2.World()
    world.get_ontology(command(graph, tmp_path / "entente.owl", "--claims").as_uri()).load()
    deal, russia = world[ID + "s-400-deal"], world[ID + "russia"]
    (quote,) = owlready2.comment[deal, world[ENT + "seller"], russia]
    assert quote.startswith("“In December, Ankara and Moscow finalised an agreement")
    world.close()


def test_the_example_of_the_page_runs(graph: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", TRIED, re.MULTILINE | re.DOTALL)
    place = "file://entente.owl"
    assert place in code
    exec(code.replace(place, command(graph, tmp_path / "entente.owl").as_uri()), {})
    assert "[[id.russia]]\n" in capsys.readouterr().out


@pytest.mark.skipif(not OWL_API.exists(), reason="Debian's libowlapi-java is not installed")
def test_the_owl_api_finds_nothing_outside_of_owl_2_dl(file: Path, graph: Graph) -> None:
    java = ["java", "-cp", f"{OWL_API.parent}/*", str(ROOT / "tests" / "support" / "Profile.java"), str(file)]
    done = subprocess.run(java, capture_output=True, text=True, check=False, timeout=600)
    lines = done.stdout.splitlines()
    assert lines[0] == "https://w3id.org/entente/dataset/0.1.0", done.stderr
    found = {line.rpartition(" ")[0]: int(line.rpartition(" ")[2]) for line in lines[1:]}
    assert found["outside of OWL 2 DL"] == 0, done.stderr
    assert found["classes"] > 75
    assert found["individuals"] > 150


def test_the_page_names_the_versions_that_were_tried() -> None:
    assert f"| Owlready2 | {version('owlready2')} |" in TRIED
    if OWL_API.exists():
        (jar,) = OWL_API.parent.glob("owlapi-distribution-*.jar")
        assert f"| OWL API | {re.findall(r'[0-9.]+[0-9]', jar.name)[0]} |" in TRIED
