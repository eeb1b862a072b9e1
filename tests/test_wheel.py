"""The wheel, built and installed beside this checkout, answers from anywhere what the checkout answers."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from kg.graph import Graph
from kg.source.layout import is_graph_folder

ROOT = Path(__file__).parents[1]
PARTS = ("ontology", "shapes", "queries", "kg/articles", "kg/background")
QUESTION = ("query", "who-backs-whom", "-f", "csv")
SHIPPED = "note: there is no graph folder here: this is the shipped graph\n"

pytestmark = pytest.mark.package
Installed = Callable[..., "subprocess.CompletedProcess[str]"]


def python(*arguments: str, **more: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, *arguments], capture_output=True, encoding="utf-8", timeout=600, **more
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed; what it depends on comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("site")
    options = ("--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", str(folder))
    done = python("-m", "pip", "install", *options, str(wheel))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Run the installed command in a folder that is no graph folder."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return python("-m", "kg", *arguments, cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(site)})

    return run


def test_answers_from_another_folder_as_the_checkout_does(
    installed: Installed, site: Path, checkout: Graph, tmp_path: Path
) -> None:
    answered = installed(*QUESTION)
    assert (answered.returncode, answered.stderr) == (
        0,
        "note: there is no graph folder here: this is the shipped graph\n",
    )
    assert answered.stdout == checkout.query(QUESTION[1]).write("csv").replace("\r\n", "\n")
    copy = shutil.copytree(site / "kg" / "_data", tmp_path / "copy")
    assert installed("-C", str(copy), *QUESTION).stdout == answered.stdout


def test_starts_a_graph_of_ones_own_that_is_in_order(installed: Installed, tmp_path: Path) -> None:
    mine = str(tmp_path / "mine")
    assert installed("init", mine).returncode == 0
    verdict = installed("-C", mine, "validate")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert installed("-C", mine, "show", "Lake Bridge").stdout.startswith("Lake Bridge")


def test_writes_pages_from_its_own_templates(installed: Installed, tmp_path: Path) -> None:
    written = installed("site", str(tmp_path / "out"))
    assert written.returncode == 0, written.stderr
    names = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*")}
    assert {"index.html", "static/style.css", "static/script.js", "things/turkey/index.html"} <= names


def test_the_code_that_answers_is_the_installed_one(installed: Installed, site: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(site)}
    where = python("-c", "import kg; print(kg.__file__)", cwd=site.parent, env=env).stdout.strip()
    assert Path(where).resolve().is_relative_to(site.resolve())


def test_carries_the_graph_once_and_whole(wheel: Path, site: Path) -> None:
    assert is_graph_folder(str(site / "kg" / "_data"))
    names = zipfile.ZipFile(wheel).namelist()
    carried = {n.removeprefix("kg/_data/") for n in names if n.startswith("kg/_data/")}
    paths = (p for folder in PARTS for p in (ROOT / folder).rglob("*") if p.is_file() and p.parent.name != "w3id")
    kept = {p.relative_to(ROOT).as_posix() for p in paths}
    assert carried == kept
    assert all((site / "kg" / "_data" / name).read_bytes() == (ROOT / name).read_bytes() for name in kept)
    assert not [n for n in names if n.startswith(("kg/articles/", "kg/background/"))]


def test_carries_licence_notice_and_example_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    licences = {PurePosixPath(n).name for n in names if ".dist-info/licenses/" in n}
    assert licences == {"LICENSE", "NOTICE"}
    assert {"kg/py.typed", "kg/example/article.txt", "kg/example/facts.trig"} <= set(names)
    assert {n.split("/")[0] for n in names if ".dist-info/" not in n} == {"kg"}
    strange = {".venv", ".kg", ".git", "tests", "tools", "docs", "w3id", "__pycache__"}
    assert not [n for n in names if strange & set(n.split("/"))]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, built and unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    built = python("-m", "build", "--sdist", "--no-isolation", "--outdir", str(folder), str(ROOT))
    assert built.returncode == 0, built.stdout + built.stderr
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


def test_the_source_holds_what_a_packager_needs_and_no_more(source: Path) -> None:
    folders = {"kg", "ontology", "shapes", "queries", "tests", "tools", "docs"}
    files = {"LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "constraints.txt"}
    assert {path.name for path in source.iterdir()} == folders | files | {"pyproject.toml", "PKG-INFO", ".gitignore"}


def test_tests_pass_in_the_source(source: Path) -> None:
    some = ("tests/test_graph.py", "tests/test_architecture.py", "tests/test_ontology_metadata.py", "tests/source")
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", *some, cwd=source)
    assert done.returncode == 0, done.stdout
    everything = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only", cwd=source)
    assert everything.returncode == 0, everything.stdout
