"""A kill at any moment of a proposal or a review: nothing accepted is lost, nothing is accepted twice, and it goes on.

What comes out of a run that was killed and started again is, byte for byte, what comes out of one that was not.
"""

import os
import random
import re
import shutil
import subprocess
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from killed import run, started, was_killed
from replaying import about, serving
from replaying import facts as answer
from reviewing import ARTICLE, TEXT, facts, opened, with_proposals

from kg.cli.main import main
from kg.drafting.acceptance import Desk
from kg.source import proposals
from kg.source.layout import GraphFolder

FEW, MANY = 1, 40
SEED = 20261130
VISIT = TEXT.split("\n")[2].partition(". ")[0] + "."
GOES: dict[str, Any] = {
    "thing": "new:velindi-to-turkey",
    "class": "ent:Visit",
    "quote": VISIT,
    "words": ["visited Turkey on Monday"],
    "values": [
        {"role": "ent:visitor", "value": "id:amara-velindi"},
        {"role": "ent:destination", "value": "id:turkey"},
        {"role": "ent:status", "value": "ent:held"},
        {"role": "ent:start", "value": "d1"},
    ],
}


def moments(changes: int, seed: int) -> list[Any]:
    """Changes before which to kill, at random: a few of them, and many for `make long`."""
    order = random.Random(seed).sample(range(1, changes + 1), min(changes, MANY))
    return [pytest.param(at, marks=[pytest.mark.long] if n >= FEW else []) for n, at in enumerate(order)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder whose article awaits review."""
    return with_proposals(tmp_path_factory.mktemp("begun"))


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> Path:
    return shutil.copytree(begun, tmp_path / "graph")


def file(folder: Path, name: str = proposals.FILE) -> Path:
    return folder / "kg/articles" / ARTICLE / name


def waiting(folder: Path) -> list[str]:
    """The proposals that await review, as the next command sees them."""
    return [p.name for p in Desk(GraphFolder(str(folder)), ARTICLE).proposed.awaiting]


def state(folder: Path) -> tuple[str, str]:
    return facts(folder), file(folder).read_text("utf-8")


def decisions(names: list[str]) -> list[str]:
    """An answer for each proposal: the last one is refused, all others are accepted."""
    return [f"{'refuse' if n == len(names) - 1 else 'accept'} {name}\n" for n, name in enumerate(names)]


@pytest.fixture(scope="module")
def reviewed(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What a review writes that nobody disturbs."""
    folder = shutil.copytree(begun, tmp_path_factory.mktemp("reviewed") / "graph")
    done = run(0, "review", ARTICLE, "--as", "Ada Holm", folder=folder, stdin="".join(decisions(waiting(folder))))
    assert done.returncode == 0, done.stderr
    assert waiting(folder) == []
    return state(folder)


def resumed(folder: Path, names: list[str]) -> tuple[str, str]:
    """What is there after another review, which decides of the rest as it was to be decided."""
    left = waiting(folder)
    assert facts(folder).count("ent:acceptedBy") <= len(names)
    rest = "".join(line for line in decisions(names) if line.split()[1] in left)
    done = run(0, "review", ARTICLE, "--as", "Ada Holm", folder=folder, stdin=rest)
    assert done.returncode == 0, done.stderr
    assert main(["-C", str(folder), "fmt", "--check", "kg"]) == 0
    return state(folder)


@pytest.mark.parametrize("at", moments(48, SEED))
def test_a_review_that_is_killed_goes_on(folder: Path, reviewed: tuple[str, str], at: int) -> None:
    names = waiting(folder)
    first = f"accept {names[0]}\n"
    answers = [first, "undo\n", *decisions(names)]
    done = run(at, "review", ARTICLE, "--as", "Ada Holm", folder=folder, stdin="".join(answers))
    assert was_killed(done.returncode), done.stderr
    assert resumed(folder, names) == reviewed


@pytest.mark.skipif(os.name == "nt", reason="there are no such terminals")
@pytest.mark.parametrize("at", moments(36, SEED + 1))
def test_a_review_on_a_terminal_that_is_killed_goes_on(folder: Path, reviewed: tuple[str, str], at: int) -> None:
    import pty

    names, (ours, theirs) = waiting(folder), pty.openpty()
    # An empty line goes on where it is asked what else a sentence states, and shows the keys elsewhere.
    os.write(ours, "".join(f"{line[0]}\n\n" for line in decisions(names)).encode())
    with open(theirs, "rb") as stdin:
        process = started(at, "review", ARTICLE, "--as", "Ada Holm", folder=folder, stdin=stdin)
    process.communicate(timeout=300)
    os.close(ours)
    assert was_killed(process.returncode)
    assert resumed(folder, names) == reviewed


@pytest.mark.parametrize("at", moments(36, SEED + 2))
def test_the_server_of_a_review_that_is_killed_goes_on(folder: Path, reviewed: tuple[str, str], at: int) -> None:
    names = waiting(folder)
    process = started(at, "serve", "--review", ARTICLE, "--as", "Ada Holm", "--port", "0", folder=folder)
    assert process.stdout is not None
    with process.stdout as out:
        address = re.search(r"http://\S+", out.readline())
        assert address
        page = opened(address[0], folder, folder)
        with suppress(OSError, HTTPException):  # the server is gone
            for line in decisions(names):
                page.decide(*line.split())
    assert was_killed(process.wait(300))
    assert resumed(folder, names) == reviewed


@pytest.mark.parametrize("at", [1, 2])
def test_proposals_by_rules_that_are_killed_are_made_again(folder: Path, at: int) -> None:
    expected = state(folder)
    file(folder).unlink()
    assert was_killed(run(at, "propose", ARTICLE, folder=folder).returncode)
    assert run(0, "propose", ARTICLE, folder=folder).returncode == 0
    assert state(folder) == expected


@pytest.fixture(scope="module")
def by_model(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What a run with a model writes that nobody disturbs."""
    folder = shutil.copytree(begun, tmp_path_factory.mktemp("by-model") / "graph")
    assert ask(folder, 0).returncode == 0
    assert "velindi-to-turkey" in state(folder)[1]
    return state(folder)


def ask(folder: Path, *moments: int) -> "subprocess.CompletedProcess[str]":
    """Run with a model that answers on one sentence, once for each moment."""
    with serving(lambda sentence, number: answer(*[GOES][: sentence == VISIT and number == 1])) as server:
        words = ["propose", ARTICLE, "--model", "replay", "--address", server.address]
        for at in moments:
            cache = str(folder.parent / "cache")
            done = run(at, *words, folder=folder, XDG_CACHE_HOME=cache, OPENAI_API_KEY="sk-x")
            assert was_killed(done.returncode) == bool(at), done.stderr
    assert len(server.asked) <= len({about(body)["sentence"] for body in server.asked}) + len(moments) - 1
    return done


@pytest.mark.parametrize("at", moments(10, SEED + 3))
def test_proposals_by_a_model_that_are_killed_go_on(folder: Path, by_model: tuple[str, str], at: int) -> None:
    assert ask(folder, at, 0).returncode == 0
    assert state(folder) == by_model


@pytest.mark.long
@pytest.mark.parametrize("number", range(MANY))
def test_a_review_goes_on_whenever_it_is_killed(folder: Path, reviewed: tuple[str, str], number: int) -> None:
    """By the clock, and more than once."""
    names, clock = waiting(folder), random.Random(SEED + number)
    for _ in range(3):
        rest = "".join(line for line in decisions(names) if line.split()[1] in waiting(folder))
        process = started(0, "review", ARTICLE, "--as", "Ada Holm", folder=folder, stdin=subprocess.PIPE)
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdout, process.stdin as stdin:
            stdin.write(rest)
            stdin.flush()
            time.sleep(clock.uniform(0.5, 8))
            process.kill()
            process.wait(300)
    assert resumed(folder, names) == reviewed
