"""`kg propose` and `kg review`: proposals for an article; a person accepts, refuses or edits them, one by one.

On a terminal an answer is a key. From a pipe, where nobody sees what is asked, an answer names the proposal that it is
for: no answer can be given to what was not looked at.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from kg import terminal
from kg.cli import report
from kg.drafting.acceptance import author
from kg.drafting.new import folder_for_articles
from kg.drafting.session import Review
from kg.drafting.shown import marked, need
from kg.errors import InputError, KgError, UsageError, clean, did_you_mean, shell_word, to_json
from kg.source import git, layout
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal
from kg.terminal import put, say

if TYPE_CHECKING:
    from kg.source.article import Passage


def propose(options: Namespace) -> int:
    """Propose facts of an article by rules, or a model too; what was proposed to stdout, the next step to stderr."""
    from kg.drafting.propose import propose

    graph_folder = folder_for_articles(options.directory)
    name = article_name(graph_folder, options.article)
    if not options.model:
        if any((options.address, options.audit, options.dry_run, options.most_tokens, options.most_seconds)):
            raise UsageError("no model is named", hint="name one: --model NAME", rule="usage")
        found = propose(graph_folder, name)
    else:
        from kg.cli import model

        if options.dry_run:
            return model.dry_run(graph_folder, name, options)
        if options.audit:
            return model.second_reader(graph_folder, name, options)
        found = model.ask(graph_folder, name, options)
    as_json = options.format == "json"
    put(to_json(found.json()) if as_json else report.proposed(found), data=as_json)
    there = f" -C {shell_word(options.directory)}" if options.directory else ""
    if found.awaiting:
        await_review = f"{found.awaiting} proposal{'s await' if found.awaiting != 1 else ' awaits'} review"
        say(f"{await_review}: kg{there} review {shell_word(name)}")
    return 0


def review(options: Namespace) -> int:
    """Ask of each proposal whether it is accepted; what there is to decide to stdout, a summary to stderr."""
    opened = _review(options, options.article)
    dialogue = Dialogue(opened, terminal.terminal_width(), terminal.use_color(sys.stdout, options.color))
    try:
        dialogue.run()
        opened.finish()
    finally:
        say(f"{opened.desk.name}: {dialogue.summary()}")
        for line in dialogue.unread():
            say(line)
    return 0


def serve(options: Namespace) -> int:
    """Serve the review page of an article until a signal ends it. Raises UsageError beside what would open it."""
    from kg.serve.review import HOST, serve

    if options.cors or options.name or options.watch or options.host != HOST:
        message = "the review page writes: it is for this machine alone"
        raise UsageError(message, hint="leave out --host, --name, --cors and --watch", rule="usage")
    serve(_review(options, options.review), options.port, lambda address: put(f"review at {address}\n"))
    return 0


def _review(options: Namespace, article: str) -> Review:
    """The review of an article by whoever is named, or is known to git."""
    graph_folder = folder_for_articles(options.directory)
    configured = b"" if options.by else git.run_git(graph_folder, "config", "user.name") or b""
    by = author(options.by, configured.decode("utf-8", "replace"))
    return Review(graph_folder, article_name(graph_folder, article), by)


def article_name(graph_folder: GraphFolder, given: str) -> str:
    """The name of an article: given as such, or as its folder or one of its files. Raises UsageError for none."""
    known = {os.path.basename(f): f for f in layout.article_folders(graph_folder)}
    if given in known:
        return given
    for name, folder in known.items():
        inside = os.path.join(os.path.realpath(folder), "")
        if os.path.exists(given) and os.path.join(os.path.realpath(given), "").startswith(inside):
            return name
    hint = did_you_mean(given, {name: name for name in known}) or "see the folders in kg/articles/"
    raise UsageError(f"there is no article {given}", hint=hint, rule="article")


KEYS = {
    "a": "accept",
    "r": "refuse",
    "e": "edit",
    "s": "say",
    "l": "later",
    "u": "undo",
    "t": "turtle",
    "q": "quit",
}
_HELP = """\
a  accept: what it says becomes facts of the article, with your name
r  refuse: it is kept as refused, and not proposed again
e  edit its statements in $VISUAL or $EDITOR; they are checked again
s  say in a sentence what else the words state: “Russia backs the Assad regime”; it is read, and asked as the rest
l  later: it is asked again in the next review
u  undo the last decision
t  show its statements as Turtle
q  quit: every decision is written already
"""
_LONGEST = 80  # characters of a rule that are shown
_IN_A_PIPE = "stdin is no terminal: answers are read from it, a line each, which name what they are for: accept {name}"
_TO_SAY = "; or “say PASSAGE: what it states”, “aside PASSAGE: why it yields no fact”"
_NEEDS_WORDS = ("say", "aside")
_ASIDE = "aside:"


class Answer(NamedTuple):
    """What somebody answers: the word, and for what is said in words the passage or proposal, and the words."""

    word: str
    name: str = ""
    words: str = ""


class Dialogue:
    """A review in a terminal or a pipe."""

    def __init__(self, review: Review, width: int, color: bool) -> None:
        self._review, self._width = review, width
        self._begin, self._end = ("\x1b[1m", "\x1b[0m") if color else ("[", "]")
        self._on_terminal = sys.stdin.isatty()
        self._numbers = dict.fromkeys(("accepted", "refused", "edited", "left for later", "said", "set aside"), 0)
        self._touched: set[str] = set()  # passages of which something was decided, and nobody has asked what is left
        self._left: set[str] = set()  # passages of which nothing more is to be said

    def run(self) -> None:
        """Ask until all is decided, or somebody quits; where nothing is proposed, what else each sentence states."""
        proposal = self._review.next()
        if proposal is None and self._on_terminal:
            self._touched = {p.iri for p in self._review.passages() if not p.reason}
        if proposal and not self._on_terminal:
            say(_IN_A_PIPE.format(name=proposal.name) + _TO_SAY)
        shown = ""
        while True:
            proposal = self._review.next()
            if self._on_terminal and (passage := self._unfinished(proposal)):
                if not self._more(passage):
                    break
                continue
            if proposal is None and self._on_terminal:
                break
            if proposal and shown != proposal.name:
                self._show(proposal)
                shown = proposal.name
            answer = self._answer(proposal)
            if answer.word in ("", "quit"):
                break
            try:
                if answer.words:
                    self._in_words(answer)
                elif self._do(answer.word, proposal):
                    shown = ""
            except KgError as error:
                say(str(error))
                if error.rule == "changed":
                    raise

    def _unfinished(self, proposal: Proposal | None) -> "Passage | None":
        """A passage before what comes next of which something was just decided, or which states nothing as yet."""
        following = self._review.passage(proposal) if proposal else None
        for passage in self._review.passages():
            if following and passage.end > following.start:
                return None
            is_open = passage.iri in self._touched or not (passage.triples or passage.reason)
            if is_open and passage.iri not in self._left:
                return passage
        return None

    def _more(self, passage: "Passage") -> bool:
        """Ask what else a passage states; whether to go on."""
        told, suggested = self._review.told(passage), self._review.suggested(passage)
        lines = ["", *self._wrapped(f"“{passage.quote}”"), *(f"  {clean(line)}." for line in told)]
        lines += [f"  kept: “{clean(said)}”: {clean(why)}" for said, why in self._kept(passage)]
        lines += [f"  {number}  {clean(line)}" for number, line in enumerate(suggested, 1)]
        put("\n".join(lines) + "\n")
        hint = "or enter to go on" if told else f"“{_ASIDE} why it states no fact”, or enter for later"
        hint = f"numbers of these, {hint}" if suggested else hint
        put(f"  what {'else ' if told else ''}does it state? a sentence, {hint}: ")
        line = sys.stdin.readline()
        words = line.strip()
        if not words:
            self._touched.discard(passage.iri)
            self._left.add(passage.iri)
            return bool(line)
        if words in ("q", "quit"):
            return False
        if words in ("u", "undo"):
            return self._undo() or True
        if words in ("b", "back"):
            self._back(passage)
            return True
        numbers = [int(word) - 1 for word in re.split(r"[ ,;]+", words) if word.isdecimal()]
        if numbers and re.fullmatch(r"[\d ,;]+", words) and {*numbers} <= {*range(len(suggested))}:
            words = "; ".join(suggested[number] for number in numbers)
        if len(words) == 1:
            say("nothing is asked here: type a sentence, u to undo, b to go back, q to end, or Enter to go on")
            return True
        is_aside = words.startswith(_ASIDE)
        answer = Answer("aside" if is_aside else "say", passage.iri, words.removeprefix(_ASIDE).strip() or " ")
        try:
            self._in_words(answer)
        except KgError as error:
            say(str(error))
            if error.rule == "changed":
                raise
        return True

    def _kept(self, passage: "Passage | None" = None) -> Iterator[tuple[str, str]]:
        """The sentences that wait for a name, of one passage or of all, each with why."""
        for (place, sentence), why in self._review.kept.items():
            if passage is None or place == passage.iri:
                yield sentence, why

    def _back(self, passage: "Passage") -> None:
        """Ask next of the sentence before one."""
        before = [p for p in self._review.passages() if p.start < passage.start]
        if before:
            self._touched.add(before[-1].iri)
            self._left.discard(before[-1].iri)

    def _in_words(self, answer: Answer) -> None:
        """Do what is said in words about a passage."""
        passage = self._review.named_passage(answer.name)
        if passage is None:
            raise UsageError(f"there is no passage {answer.name}", hint="name one, or a proposal", rule="answer")
        if answer.word == "aside":
            self._review.set_aside(passage, answer.words)
            self._touched.discard(passage.iri)
            self._left.add(passage.iri)
            self._count("set aside")
            put("  set aside\n" if self._on_terminal else "")
            return
        found = self._review.say(passage, answer.words)
        for proposal in () if self._on_terminal else found.proposals:
            say(f"{proposal.name}: {'; '.join(map(clean, self._review.sentences(proposal)))}")
        for line in found.problem.splitlines():
            say(clean(line))
        if found.proposals:
            self._count("said")

    def summary(self) -> str:
        """What was done, and what awaits review."""
        done = ", ".join(f"{count} {what}" for what, count in self._numbers.items() if count) or "nothing decided"
        left = len(self._review.desk.proposed.awaiting)
        return f"{done}; {left} proposal{'s' * (left != 1)} await{'s' * (left == 1)} review"

    def unread(self) -> list[str]:
        """What was said and still waits for a name, which the next review does not know."""
        return [f"not read: “{clean(sentence)}”: {clean(why)}" for sentence, why in self._kept()]

    def _show(self, proposal: Proposal) -> None:
        passage = self._review.passage(proposal)
        quote = passage.quote if passage else ""
        lines = [""]
        place = f"“{marked(quote, proposal.words, self._begin, self._end)}”"
        lines += self._wrapped(place)
        sentences = self._review.sentences(proposal)
        lines += [f"  {line}" for line in self._wrapped(f"{clean(sentences[0])}.", 2)]
        for sentence in sentences[1:]:
            lines += [f"    {line}" for line in self._wrapped(f"{clean(sentence)}.", 4)]
        for d in self._review.doubts(proposal):
            lines += [
                f"  {line}" for line in self._wrapped(f"{clean(d.model)} doubts “{clean(d.fact)}”: {clean(d.why)}", 2)
            ]
        words = ", ".join(f"“{clean(w)}”" for w in proposal.words)
        by = proposal.by if len(proposal.by) <= _LONGEST else f"{proposal.by[:_LONGEST]}…"
        lines.append(f"  {clean(proposal.name)} · rests on {words} · {clean(by)}")
        for other, node in self._review.needs(proposal):
            lines += [f"  {line}" for line in self._wrapped(f"{clean(need(other, node))}.", 2)]
        if proposal.postponed:
            lines.append(f"  left for later by {clean(proposal.postponed)}")
        put("\n".join(lines) + "\n")

    def _wrapped(self, text: str, indent: int = 0) -> list[str]:
        if self._begin == "[":
            return terminal.wrap(text, self._width - indent)
        return [text]  # a terminal wraps by itself; escapes would be counted

    def _answer(self, proposal: Proposal | None) -> Answer:
        """An answer; its word is empty where there are none left."""
        while True:
            if self._on_terminal:
                put(f"  {', '.join(KEYS.values())}? [{'/'.join(KEYS)}] ({self._review.left} left) ")
            line = sys.stdin.readline()
            if not line:
                return Answer("")
            word, _, name = line.strip().partition(" ")
            answer = KEYS.get(word.lower(), word.lower())
            if answer in _NEEDS_WORDS and (self._on_terminal or ":" in name):
                return self._worded(answer, name, proposal)
            if self._on_terminal and proposal and name and word.lower() not in KEYS.values():
                return Answer("say", proposal.name, line.strip())
            if answer not in KEYS.values():
                put(_HELP)
            elif self._on_terminal or answer in ("quit", "undo") or (proposal and name.strip() == proposal.name):
                return Answer(answer)
            else:
                asked = proposal.name if proposal else "nothing awaits review"
                message = f"“{clean(line.strip())}” does not name what is asked: {asked}"
                hint = f"write: {answer} {proposal.name}" if proposal else _TO_SAY.removeprefix("; or ")
                raise UsageError(message, hint=hint, rule="answer")

    def _worded(self, answer: str, given: str, proposal: Proposal | None) -> Answer:
        """What is said in words, on a terminal of what is shown, in a pipe of what is named before a colon."""
        if self._on_terminal:
            put("" if given else "  what else does it state? ")
            return Answer(answer, proposal.name if proposal else "", given or sys.stdin.readline().strip() or " ")
        name, _, words = given.partition(":")
        return Answer(answer, name.strip().removeprefix("p:"), words.strip() or " ")

    def _do(self, answer: str, proposal: Proposal | None) -> bool:
        """Do as answered; whether the next one is to be shown."""
        if proposal is None:  # in a pipe, where nothing awaits review any more
            return self._undo()
        around = self._review.around(proposal)
        self._touched |= {around.iri} if around and not around.reason else set()
        done: Callable[[], bool] = {
            "accept": lambda: self._accept(proposal),
            "refuse": lambda: self._refuse(proposal),
            "later": lambda: self._postpone(proposal),
            "edit": lambda: self._edit(proposal),
            "undo": self._undo,
            "turtle": lambda: self._turtle(proposal),
        }[answer]
        return done()

    def _count(self, what: str) -> bool:
        self._numbers[what] += 1
        return True

    def _refuse(self, proposal: Proposal) -> bool:
        self._review.refuse(proposal)
        return self._count("refused")

    def _postpone(self, proposal: Proposal) -> bool:
        self._review.postpone(proposal)
        return self._count("left for later")

    def _turtle(self, proposal: Proposal) -> bool:
        put(f"{self._review.turtle(proposal)}\n")
        return False

    def _accept(self, proposal: Proposal) -> bool:
        found = self._review.accept(proposal)
        for finding in found:
            put(f"  {finding.severity}: {clean(finding.message)} [{clean(finding.rule)}]\n")
            for line in filter(None, finding.hint.split("\n")):
                put(f"    {clean(line)}\n")
        if found:
            put("  not accepted: the checks refuse it as it is; edit it, refuse it or leave it for later\n")
            return False
        for other in self._review.along:
            put(f"  with it the article's own words name “{clean(other.words[0])}”, too\n")
        for name in self._review.done:
            put(f"  stated by now, so not asked any more: {clean(name)}\n")
        return self._count("accepted")

    def _undo(self) -> bool:
        if self._review.undo():
            return True
        put("  nothing to undo: only decisions of this review can be taken back\n")
        return False

    def _edit(self, proposal: Proposal) -> bool:
        passage = self._review.passage(proposal)
        text = edited(self._review.turtle(proposal), [passage.quote if passage else "", *self._review.times(proposal)])
        changed, found = self._review.edit(proposal, text)
        self._numbers["edited"] += changed != proposal
        for finding in found:
            put(f"  {finding.severity}: {clean(finding.message)} [{clean(finding.rule)}]\n")
        return True


def edited(turtle: str, about: list[str]) -> str:
    """Turtle as somebody has edited it, below lines `about` it.

    Raises UsageError without an editor, InputError where that fails.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "")
    if not command:
        raise UsageError("there is no editor", hint="name one: export EDITOR=nano", rule="editor")
    lines = "".join(f"# {clean(line)}\n" for line in about)
    head = f"{lines}# Change what it says, and close the editor; the checks run again.\n"
    with tempfile.TemporaryDirectory(prefix="kg-review-") as folder:
        path = os.path.join(folder, "proposal.ttl")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{head}{turtle}\n")
        words = [command] if os.path.exists(command) else shlex.split(command, posix=os.name != "nt")
        try:
            keys = None if sys.stdin.isatty() else subprocess.DEVNULL  # the answers in a pipe are none of its input
            code = subprocess.run([*words, path], check=False, stdin=keys).returncode
        except OSError as error:
            raise InputError(f"the editor {shell_word(command)} cannot be started: {error.strerror}") from error
        if code:
            raise InputError(f"the editor {shell_word(command)} ended with {code}: nothing was changed")
        with open(path, encoding="utf-8") as file:
            return file.read()
