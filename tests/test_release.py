"""What a release must hold, and the lowest versions with which the tests run."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from running import ROOT

import kg
from kg.export.metadata import DISTRIBUTIONS
from tools.lowest import lowest
from tools.release import problems, section

VERSION = kg.__version__
TOP = f"## [{VERSION}] – "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout that could be released today."""
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    _, text = section(ROOT, VERSION)
    changelog = f"# Changelog\n\n{TOP}2999-01-31\n\n{text}\n\n## [0.0.1] – 2001-01-01\n"
    (tmp_path / "CHANGELOG.md").write_text(changelog, "utf-8")
    return tmp_path


def test_package_ontology_and_changelog_have_one_version() -> None:
    assert problems(ROOT, VERSION) == []
    assert section(ROOT, VERSION)[1].startswith("### Vocabulary")


def test_a_release_is_ready(folder: Path) -> None:
    assert problems(folder, VERSION, f"v{VERSION}") == []
    assert "0.0.1" not in section(folder, VERSION)[1]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("CHANGELOG.md", "2999-01-31", "unreleased", f"CHANGELOG.md names no day of version {VERSION}"),
        ("CHANGELOG.md", "2999-01-31", "2001-01-31", "the ontology was modified after 2001-01-31"),
        ("CHANGELOG.md", TOP, "## [9.9.9] – 2999-01-31\n\n" + TOP, f"does not begin with version {VERSION}"),
        ("ontology/entente.ttl", f'versionInfo "{VERSION}"', 'versionInfo "0.0.1"', "owl:versionInfo is 0.0.1"),
        ("ontology/entente.ttl", f"ontology/{VERSION}>", "ontology/0.0.1>", "owl:versionIRI is "),
    ],
)
def test_what_does_not_go_together_is_no_release(file: str, old: str, new: str, problem: str, folder: Path) -> None:
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), "utf-8")
    (said,) = problems(folder, VERSION, f"v{VERSION}")
    assert problem in said


def test_a_tag_is_that_of_the_version(folder: Path) -> None:
    assert problems(folder, VERSION, "v0.0.1") == [f"the tag v0.0.1 is not that of version {VERSION}: v{VERSION}"]


def test_each_requirement_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for requirements in (project["dependencies"], *project["optional-dependencies"].values()):
        assert len(lowest(requirements)) == len(requirements) > 0
    assert lowest(["rdflib>=7.6,<8", "pip>=23"]) == ["rdflib==7.6", "pip==23"]
    with pytest.raises(ValueError, match="rdflib has no lower bound"):
        lowest(["rdflib"])


def test_each_distribution_is_made_for_a_release() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (endings,) = re.findall(r"for ending in (.*); do", makefile)
    assert endings.split() == list(DISTRIBUTIONS)
    assert "build/files/*" in (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
