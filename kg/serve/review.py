"""The review page: the proposals of one article, each below its sentence, accepted, refused, edited or left for later.

This is the only page that writes, so it stands alone: a server of its own, on the loopback interface, for the folder of
one article. Whoever starts it is told an address with a secret of that run. It works once: it is exchanged for a cookie
that no script can read and no other site's request carries (RFC 6265bis, SameSite=Strict), and leads away from itself.
A decision is a POST whose Host, Origin and cookie are those of this run, with the token of the page.
"""

import asyncio
import contextlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg.drafting.session import Review
from kg.drafting.shown import marked, need
from kg.errors import KgError
from kg.findings import Finding
from kg.pages import templating
from kg.rdf.namespaces import local_name
from kg.serve.app import MOST_BODY, plain
from kg.serve.guard import Guard
from kg.serve.server import Server, address_of, configured, listen
from kg.source.article import Passage
from kg.source.proposals import Proposal
from kg.terminal import say
from kg.text import segments
from kg.validation.doubts import Doubt

HOST = "127.0.0.1"
_COOKIE = "entente-review"
_BEGIN, _END = "\ue000", "\ue001"  # of the words on which a proposal rests, until they are marked up
_FILES = {"style.css": "text/css", "review.js": "text/javascript", "icon.svg": "image/svg+xml"}
_ANSWERS = ("accept", "refuse", "later", "edit", "undo", "say", "aside")


class Card(NamedTuple):
    """A proposal as the page shows it."""

    name: str
    quote: list[tuple[str, bool]]  # pieces, and whether the proposal rests on them
    sentences: list[str]
    by: str
    turtle: str
    postponed: str
    findings: list[Finding]
    times: list[str]  # the dates of its sentence
    needs: list[str]  # what it rests on and nothing states yet
    doubts: list[Doubt]


class Place(NamedTuple):
    """A sentence of the article with what is proposed for it, what a check has refused, and what is stated."""

    text: str
    cards: list[Card]
    refused: list[tuple[str, str]]  # what it says, and why it was refused
    passage: str  # the local name of its passage; empty where it has none
    told: list[str]
    reason: str  # of an aside


class Desk:
    """A review as requests ask of it: one at a time, since each decision changes files."""

    def __init__(self, review: Review) -> None:
        self._review, self._lock = review, threading.Lock()
        self._found: dict[str, list[Finding]] = {}
        self.said = ""

    def view(self) -> dict[str, Any]:
        """What the page shows."""
        with self._lock:
            said, self.said = self.said, ""
            places = self._places()
            left = len(self._review.desk.proposed.awaiting)
            title = self._review.desk.name
            return {"places": places, "left": left, "said": said, "article": title, "by": self._review.by}

    def _places(self) -> list[Place]:
        text = segments.unwrap(self._review.desk.article.text)
        units = [(text[s.start : s.end], list[Card](), list[tuple[str, str]]()) for s in segments.segments(text)]
        for proposal in self._review.desk.proposed.proposals:
            passage = self._review.passage(proposal)
            quote = passage.quote if passage else ""
            fits = [u for u in units if quote and (quote in u[0] or u[0] in quote)] or units[:1]
            for _, cards, refused in fits[:1]:
                if proposal.awaits:
                    cards.append(self._card(proposal, quote))
                elif proposal.reason:
                    refused.append((self._review.turtle(proposal), proposal.reason))
        passages = self._review.passages()
        return [self._place(passages, *unit) for unit in units]

    def _place(self, passages: list[Passage], text: str, cards: list[Card], refused: list[tuple[str, str]]) -> Place:
        own = [p for p in passages if p.quote in text or text in p.quote]
        if not own:
            return Place(text, cards, refused, "", [], "")
        passage = max(own, key=lambda p: len(p.quote))
        return Place(text, cards, refused, local_name(passage.iri), self._review.told(passage), passage.reason)

    def _card(self, proposal: Proposal, quote: str) -> Card:
        return Card(
            proposal.name,
            _pieces(marked(quote, proposal.words, _BEGIN, _END)),
            self._review.sentences(proposal),
            proposal.by,
            self._review.turtle(proposal),
            proposal.postponed,
            self._found.get(proposal.name, []),
            self._review.times(proposal),
            [need(other, node) for other, node in self._review.needs(proposal)],
            self._review.doubts(proposal),
        )

    def decide(self, answer: str, name: str, written: str) -> str:
        """Do as answered, and give the name of the proposal at which to go on; what went wrong is said on the page.

        What is `written` is Turtle for an edit; for what is said, and for an aside, words on the passage of that name.
        """
        with self._lock:
            try:
                if answer in ("say", "aside"):
                    return self._in_words(answer, name, written)
                return self._decide(answer, name, written)
            except KgError as error:
                self.said = str(error)
                return name

    def _in_words(self, answer: str, name: str, words: str) -> str:
        passage = self._review.named_passage(name)
        if passage is None:
            self.said = f"there is no passage {name}"
            return ""
        if answer == "aside":
            self._review.set_aside(passage, words)
            return f"say.{name}"
        found = self._review.say(passage, words)
        self.said = found.problem
        return found.proposals[0].name if found.proposals else f"say.{name}"

    def _decide(self, answer: str, name: str, turtle: str) -> str:
        if answer == "undo":
            self.said = (
                "" if self._review.undo() else "nothing to undo: only decisions of this review can be taken back"
            )
            return name
        awaiting = self._review.desk.proposed.awaiting
        at = next((i for i, p in enumerate(awaiting) if p.name == name), None)
        if at is None:
            self.said = "this was decided already"
            return ""
        proposal = awaiting[at]
        beside = awaiting[at + 1].name if at + 1 < len(awaiting) else ""
        if answer == "refuse":
            self._review.refuse(proposal)
            return beside
        if answer == "later":
            self._review.postpone(proposal)
            return beside
        if answer == "edit":
            edited, found = self._review.edit(proposal, turtle)
            self._found[edited.name] = found
            self.said = "" if found else "changed, and no check finds anything: accept it if it is right"
            return edited.name
        self._found[name] = found = self._review.accept(proposal)
        if found:
            self.said = "not accepted: a check finds something; edit it, refuse it or leave it for later"
        elif self._review.along:
            names = " and ".join(f"“{p.words[0]}”" for p in self._review.along)
            self.said = f"with it the article's own words name {names}, too"
        return name if found else beside


def _pieces(text: str) -> list[tuple[str, bool]]:
    pieces = []
    for part in text.split(_BEGIN):
        inside, mark, after = part.partition(_END)
        pieces += [(inside, True), (after, False)] if mark else [(part, False)]
    return [piece for piece in pieces if piece[0]]


class _Session:
    """The secrets of one run."""

    def __init__(self) -> None:
        self.secret, self.cookie, self.token = (secrets.token_urlsafe(32) for _ in range(3))

    def exchange(self, secret: str) -> bool:
        """Whether this is the secret; it is none any more."""
        known, self.secret = self.secret, secrets.token_urlsafe(32)
        if hmac.compare_digest(known.encode(), secret.encode()):
            return True
        self.secret = known
        return False

    def knows(self, request: Request) -> bool:
        """Whether a request comes from the browser to which the secret was given."""
        return hmac.compare_digest(request.cookies.get(_COOKIE, "").encode(), self.cookie.encode())


def application(desk: Desk, session: _Session, origin: str) -> Starlette:
    """The routes: the first address, the page, its files, and the decisions; `origin` is that of this server."""

    async def opened(request: Request) -> Response:
        if not session.exchange(request.path_params["secret"]):
            return plain(HTTPStatus.FORBIDDEN, "this address works once: start kg serve --review again for another")
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        response.set_cookie(_COOKIE, session.cookie, httponly=True, samesite="strict", path="/")
        return response

    async def page(request: Request) -> Response:
        if not session.knows(request):
            return _stranger()
        view = await asyncio.to_thread(desk.view)
        text = templating.environment().get_template("review.html").render(page=view, token=session.token)
        return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})

    async def decided(request: Request) -> Response:
        if not session.knows(request):
            return _stranger()
        if not _is_own(request, origin):
            return plain(HTTPStatus.FORBIDDEN, "decisions are taken on the review page alone")
        if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            return plain(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a decision is a form")
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_BODY:
                return plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BODY:,} bytes")
        try:
            form = {k: v[-1] for k, v in parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10).items()}
        except ValueError:
            return plain(HTTPStatus.BAD_REQUEST, "the form cannot be read")
        if not hmac.compare_digest(form.get("token", "").encode(), session.token.encode()):
            return plain(HTTPStatus.FORBIDDEN, "the page is not of this run: reload it")
        if form.get("answer") not in _ANSWERS:
            return plain(HTTPStatus.BAD_REQUEST, f"an answer is one of {', '.join(_ANSWERS)}")
        in_words = form["answer"] in ("say", "aside")
        name, text = (
            form.get("passage" if in_words else "proposal", ""),
            form.get("words" if in_words else "turtle", ""),
        )
        name = await asyncio.to_thread(desk.decide, form["answer"], name, text.replace("\r\n", "\n"))
        return RedirectResponse(f"/#{name}" if name else "/", HTTPStatus.SEE_OTHER)

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            return plain(HTTPStatus.NOT_FOUND, "there is no such file")
        path = os.path.join(templating.FOLDER, "static", name)
        with open(path, "rb") as file:
            return Response(file.read(), media_type=_FILES[name])

    return Starlette(
        routes=[
            Route("/open/{secret}", opened),
            Route("/", page),
            Route("/decide", decided, methods=["POST"]),
            Route("/static/{name}", static),
        ]
    )


def _stranger() -> Response:
    return plain(HTTPStatus.FORBIDDEN, "open the address that kg serve --review has printed")


def _is_own(request: Request, origin: str) -> bool:
    """Whether a POST comes from a page of this server.

    Pages without a referrer send no Origin, or `null`, with a form (Fetch §3.2); then the browser must say that the
    site is this one, which no page can forge (Fetch Metadata).
    """
    given, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    return given == origin if given not in (None, "null") else site == "same-origin"


def serve(review: Review, port: int, started: Callable[[str], None]) -> None:
    """Serve the review until SIGINT or SIGTERM; `started` is called with the first address.

    Raises KgError where the address is taken.
    """
    session = _Session()
    with listen(HOST, port) as listening:
        address = address_of(HOST, listening)

        app = application(Desk(review), session, address)
        guard = Guard(app, (), (), partial(_log, session.secret), public=False)
        server = Server(configured(guard, limit_concurrency=50))
        server.told = partial(started, f"{address}/open/{session.secret}")
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[listening]))


def _log(secret: str, line: str) -> None:
    """Log a line, without the secret where it was asked for."""
    say(line.replace(secret, "…"), wrapped=False)
