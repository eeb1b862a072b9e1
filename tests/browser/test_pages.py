"""Pages in a real browser: from a fact to its words and back, with scripts and without, by keyboard and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import AXE
from folders import FIRST

pytestmark = pytest.mark.browser

ARTICLE = f"articles/{FIRST}/"
KINDS = {
    "home": "",
    "articles": "articles/",
    "article": ARTICLE,
    "things": "things/",
    "thing": "things/turkey/",
    "questions": "queries/",
    "question": "queries/who-leads/",
    "ontology": "ontology/",
    "term": "ontology/_support/",
    "picture": "picture/",
    "timeline": "timeline/",
    "search": "search/?q=gas",
}
Open = Callable[..., Any]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_first_page_to_the_quotes_behind_an_answer(address: str, opened: Open, scripts: bool) -> None:
    page = opened(address, scripts=scripts)
    page.click(".articles .title")
    assert page.locator("h1").inner_text() == "Turkey – Russia aim to strengthen relationship"

    fact = page.locator(".note", has_text="Turkey backs the Free Syrian Army in the war in Syria").first
    fact.locator(".to-text").click()
    passage = page.url.partition("#")[2]
    words = "".join(page.locator(f"mark[data-p='{passage}']").all_inner_texts())
    assert "Turkey backs the opposition Free Syrian Army" in words
    page.locator(f"mark[data-p='{passage}'] a").first.click()
    beside = page.locator(f"[id='{page.url.partition('#')[2]}']")
    assert "Turkey backs the Free Syrian Army" in beside.inner_text()

    beside.locator("a", has_text="Turkey").first.click()
    assert page.locator("h1").inner_text() == "Turkey"
    inferred = page.locator(".fact.inferred").first
    assert not inferred.locator("blockquote").first.is_visible()
    inferred.locator("summary").click()
    assert inferred.locator("blockquote").first.is_visible()

    page.click("nav >> text=Questions")
    page.click("text=Who holds the leading offices of a state on a date, and on what does the answer rest?")
    assert page.locator("[name=state]").input_value() == "Turkey"
    page.locator("td.receipts summary").first.click()
    assert "Recep Tayyip Erdogan" in page.locator("td.receipts blockquote").first.inner_text()
    leader = "recep-tayyip-erdogan"
    if page.locator("[name=state]").is_editable():  # files have no other answers
        page.fill("[name=state]", "Russia")
        page.locator("main form button").first.click()
        page.wait_for_url("**state=Russia**")
        assert "Vladimir Putin" in page.locator("main table").inner_text()
        leader = "vladimir-putin"
    with page.expect_download() as download:
        page.click("text=CSV")
    written = Path(download.value.path()).read_text("utf-8")
    assert written.startswith("leader,office,of,basis,on,passage")
    assert leader in written


def faults(page: Any) -> list[tuple[str, str, str]]:
    """What axe finds on a page."""
    if not AXE.is_file():
        pytest.skip("axe-core is not there: `make browser` installs it")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(AXE.read_text("utf-8"))  # a script in the page is not let in by a server
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", tags)
    return [(v["id"], node["html"][:120], node["failureSummary"]) for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_page_bars_anybody(address: str, opened: Open, kind: str, dark: bool) -> None:
    assert faults(opened(address + KINDS[kind], dark=dark)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_a_phone(address: str, opened: Open, kind: str) -> None:
    page = opened(address + KINDS[kind], narrow=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_choosing_a_passage_lights_up_its_facts_and_the_other_way_round(address: str, opened: Open) -> None:
    page = opened(address + ARTICLE)
    mark = page.locator("mark[data-p='s-400'] a").first
    mark.focus()
    lit = page.locator(".note.lit")
    assert "Turkey has agreed to buy the S-400 from Russia" in lit.first.inner_text()
    assert page.locator(".hairline").count() == 1
    page.locator(".note", has_text="Ground is to be broken").first.hover()
    words = " ".join(page.locator("mark.lit").all_inner_texts())
    assert "breaking ground ceremony" in words
    assert "S-400" not in words


def test_an_address_of_a_passage_leads_to_it(address: str, opened: Open) -> None:
    page = opened(f"{address}{ARTICLE}#s-400")
    box = page.locator("#s-400").bounding_box()
    assert 0 <= box["y"] < 900
    assert page.locator(".note.lit").count() > 0


def test_on_a_phone_facts_open_under_their_sentence(address: str, opened: Open) -> None:
    page = opened(address + ARTICLE, narrow=True)
    pair = page.locator(".pair", has=page.locator("#s-400"))
    fact = pair.locator(".note").first
    assert not fact.is_visible()
    pair.locator("summary").first.click()
    assert fact.is_visible()
    assert fact.bounding_box()["y"] > page.locator("#s-400").bounding_box()["y"]
    without = opened(address + ARTICLE, narrow=True, scripts=False)
    assert without.locator(".pair", has=without.locator("#s-400")).locator(".note").first.is_visible()


def test_facts_stand_at_the_height_of_their_sentence(address: str, opened: Open) -> None:
    page = opened(address + ARTICLE, scripts=False)
    for place in ("unit-4", "unit-8", "unit-12"):
        sentence, facts = (page.locator(f"[id='{p}']").bounding_box() for p in (place, f"facts.{place}"))
        assert abs(sentence["y"] - facts["y"]) < 40
        assert facts["x"] > sentence["x"] + sentence["width"] - 1


def test_search_finds_names_and_quotes_by_a_script_even_from_the_file_system(
    of_files: str, opened: Open, folder: Path
) -> None:
    for start in (f"{of_files}search/", f"{folder.as_uri()}/search/index.html"):
        page = opened(start)
        page.fill("#field\\.q", "turkstr")
        page.wait_for_selector(".found a")
        assert page.locator(".found a").first.inner_text() == "Turkstream"
        page.locator(".found a", has_text="“The two countries").click()
        page.wait_for_selector("mark:target")
    page = opened(of_files)
    page.fill("#site\\.search", "ÇELIKPALA")
    page.press("#site\\.search", "Enter")
    page.wait_for_selector(".found a")
    assert page.locator(".found a").first.inner_text() == "Mitat Celikpala"


def test_a_picture_is_filtered_and_followed(address: str, opened: Open) -> None:
    page = opened(f"{address}picture/")
    support = page.locator("svg [data-family=support][data-first]").first
    assert support.is_visible()
    page.uncheck("text=support")
    assert not support.is_visible()
    page.locator("svg a", has_text="Turkstream").first.press("Enter")
    page.wait_for_selector(".about-thing")
    assert page.locator("h1").inner_text() == "Turkstream"


def test_quotes_are_printed(address: str, opened: Open) -> None:
    page = opened(f"{address}things/turkey/")
    quote = page.locator(".fact blockquote").first
    assert not quote.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert quote.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not quote.is_visible()


# The page for queries of one's own, which only a server has


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_query_of_ones_own(of_server: str, opened: Open, scripts: bool, dark: bool) -> None:
    page = opened(f"{of_server}sparql/", scripts=scripts, dark=dark)
    assert "PREFIX ent: <https://w3id.org/entente/ontology#>" in page.locator("#field\\.query").input_value()
    page.click("main form button")
    page.wait_for_url("**query=**")
    assert "Free Syrian Army" in page.locator("main table").inner_text()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_terms_are_completed_by_keyboard(of_server: str, opened: Open, dark: bool) -> None:
    page = opened(f"{of_server}sparql/", dark=dark)
    field, terms, told = (page.locator(f"#{name}") for name in ("field\\.query", "query\\.terms", "query\\.told"))
    field.fill("")
    field.press_sequentially("SELECT * { ?s back")
    terms.wait_for()
    assert "arrow down to choose" in told.inner_text()
    assert field.get_attribute("aria-activedescendant") is None
    names = terms.locator("code").all_inner_texts()
    assert {"ent:backer", "ent:backed", "ent:backs"} & {*names}
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == terms.locator("[aria-selected=true]").get_attribute("id")
    assert faults(page) == []
    field.press("Enter")
    terms.wait_for(state="hidden")
    expected = f"PREFIX ent: <https://w3id.org/entente/ontology#>\nSELECT * {{ ?s {names[0]}"
    assert field.input_value() == expected
    field.press_sequentially(" id:turk")
    terms.wait_for()
    page.keyboard.press("Escape")
    terms.wait_for(state="hidden")
    field.press_sequentially("e")
    terms.locator("li", has_text="id:turkey").first.click()
    assert field.input_value().endswith("SELECT * { ?s " + names[0] + " id:turkey")
    assert "PREFIX id:" in field.input_value()
    field.press_sequentially("\n?back")  # a variable
    assert not terms.is_visible()


def test_an_error_is_shown_at_its_place(of_server: str, opened: Open) -> None:
    message = "Failed to load resource: the server responded with a status of 400 (Bad Request)"
    query = "?query=SELECT%20*%20%7B%0A%20%20%3Fs%20%3Fp%20%5D%20%3Fo%20%7D"
    page = opened(f"{of_server}sparql/{query}", expected=message)
    field = page.locator("#field\\.query")
    assert (field.get_attribute("aria-invalid"), field.get_attribute("data-line")) == ("true", "2")
    at = page.evaluate("document.getElementById('field.query').selectionStart")
    assert at == len("SELECT * {\n") + int(field.get_attribute("data-column")) - 1
    assert f"line 2, column {field.get_attribute('data-column')}" in page.locator("#query\\.problem").inner_text()
    assert faults(page) == []
