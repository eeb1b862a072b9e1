"""The review page: who may open it, who may decide, and what a decision writes."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from reviewing import ARTICLE, Page, facts, opened, reviewed, with_proposals

from kg.cli.main import main


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = with_proposals(tmp_path_factory.mktemp("review"))
    log = tmp_path_factory.mktemp("log") / "log"
    with reviewed(folder, log) as address:
        stranger = Page(address, "", folder, log)
        assert stranger.ask("GET", "/")[0] == HTTPStatus.FORBIDDEN
        yield opened(address, folder, log)


def test_the_first_address_works_once(page: Page) -> None:
    assert page.ask("GET", urlsplit(page.address).path)[0] == HTTPStatus.FORBIDDEN
    secret = page.address.rpartition("/")[2]
    assert secret not in page.log.read_text("utf-8")
    assert "GET /open/… 303" in page.log.read_text("utf-8")


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Cookie": "entente-review=x"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "", "Sec_Fetch_Site": "same-site"},
        {"Origin": "null", "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"},
        {"token": "x"},
        {"Host": "evil.example"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/json"},
    ],
    ids=str,
)
def test_a_decision_from_elsewhere_is_refused(page: Page, headers: dict[str, str]) -> None:
    before, (first, *_) = facts(page.folder), page.cards()
    assert page.decide("accept", first, **headers) in (403, 415, 421)
    assert facts(page.folder) == before
    assert first in page.cards()


@pytest.mark.parametrize(
    "path", ["/static/../review.html", "/static/..%2f..%2fserve.py", "/static/script.js", "/decide"]
)
def test_there_is_nothing_else_to_get(page: Page, path: str) -> None:
    assert page.ask("GET", path)[0] in (404, 405)


def test_headers(page: Page) -> None:
    _, headers, text = page.ask("GET", "/")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in page.ask("GET", "/", Origin="http://evil.example")[1]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "<script>" not in text


def test_decisions(page: Page) -> None:
    """Refuse one, edit one, accept it, take that back, leave one: what is written is what was decided."""
    first, second, third, *_ = page.cards()
    assert page.decide("refuse", first) == HTTPStatus.SEE_OTHER
    assert first not in page.cards()
    assert page.decide("edit", second, turtle="this is no Turtle") == HTTPStatus.SEE_OTHER
    assert "no Turtle" in page.ask("GET", "/")[2]
    before = facts(page.folder)
    assert page.decide("accept", third) == HTTPStatus.SEE_OTHER
    after = facts(page.folder)
    assert after != before
    assert 'ent:acceptedBy "Ada Holm"' in after
    assert page.decide("undo", "") == HTTPStatus.SEE_OTHER
    assert facts(page.folder) == before
    assert page.decide("later", third) == HTTPStatus.SEE_OTHER
    assert "left for later by Ada Holm" in page.ask("GET", "/")[2]
    assert page.decide("accept", "proposal-of-nobody") == HTTPStatus.SEE_OTHER
    assert "decided already" in page.ask("GET", "/")[2]


@pytest.mark.parametrize("more", [["--cors", "*"], ["--host", "0.0.0.0"], ["--name", "example.org"], ["--watch"]])
def test_it_is_for_this_machine_alone(
    page: Page, more: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(page.folder)
    assert main(["serve", "--review", ARTICLE, "--as", "Ada Holm", *more]) == 2
    assert "for this machine alone" in capsys.readouterr().err
