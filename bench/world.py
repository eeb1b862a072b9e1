"""The invented world that the articles of a corpus report on: states, people, conflicts, works; always the same.

Everything follows from the seed and from its own name, so that two articles that speak of one thing agree on it, and
a corpus of ten articles is the beginning of the one of a hundred. None of it exists.
"""

import itertools
from dataclasses import dataclass
from random import Random

STATES = 180
WAR_STATES = range(140, 160)  # none of the most reported ones, by rank

_FIRST = (
    "Amara Bela Caro Dario Edda Fenn Gala Hesper Ilan Jora Kaspar Lia Mira Nevan Orla Pavo Ruth Sven Tomas Una Vito"
)
_ONSETS = (
    "Tal Cor Vel Sund Ilm Mer Oss Hal Bran Dor Kest Lun Marn Nor Pell Quen Rost Sel Tam Ulv Var Wend Yar Zel Arn"
    " Bel Cald Eld Fal Gar"
)
_KINDS = (
    ("Dam", "dam", "Dam"),
    ("GasPipeline", "gas pipeline", "Pipeline"),
    ("NuclearPowerPlant", "nuclear power plant", "Nuclear Plant"),
    ("Railway", "railway", "Railway"),
    ("Port", "port", "Harbour"),
    ("Canal", "canal", "Canal"),
)
STAGES = (
    ("planned", "still being planned"),
    ("underWay", "under construction"),
    ("suspended", "at a standstill"),
    ("completed", "in service"),
)
COLOURS = ("Amber", "Azure", "Ivory", "Jade", "Ochre", "Pearl", "Ruby", "Sable", "Silver", "Umber")
FIELDS = ("trade", "energy", "migration", "fisheries", "railways", "flood control", "education", "customs")


def slug(name: str) -> str:
    """The name as the last part of an IRI."""
    return name.lower().replace(" ", "-").replace("’", "")


@dataclass(frozen=True)
class State:
    """A state, where it is ruled from, and by whom."""

    name: str
    capital: str
    port: str
    president: str
    former: str
    minister: str

    @property
    def id(self) -> str:
        return slug(self.name)

    @property
    def adjective(self) -> str:
        return self.name + "n"


@dataclass(frozen=True)
class Project:
    """A public work of one state, built with the help of another (both by rank)."""

    name: str
    kind: str
    noun: str
    town: str
    company: str
    states: tuple[int, int]


class World:
    """The states by rank, the most reported first, and everything that can be asked of them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        stems = [
            "".join(parts) for parts in itertools.product(_ONSETS.split(), "aeiou", ("v", "r", "n", "l", "m", "d"))
        ]
        self.random("stems").shuffle(stems)
        self._stems = stems
        lasts = [stem + end for stem in stems for end in ("i", "sen", "ak")]
        self.random("people").shuffle(lasts)
        self._lasts = lasts
        self.states = [self._state(rank) for rank in range(STATES)]

    def random(self, *key: object) -> Random:
        """A source of chance that belongs to what is named, and to nothing else."""
        return Random(":".join(map(str, (self.seed, *key))))

    def number(self, first: int, last: int, *key: object) -> int:
        """A number that always belongs to what is named."""
        return self.random(*key).randint(first, last)

    def stem(self, number: int) -> str:
        return self._stems[number % len(self._stems)]

    def person(self, number: int) -> str:
        """The name of a person; people of other numbers have other last names, up to 2,700."""
        return f"{self.random('first', number).choice(_FIRST.split())} {self._lasts[number % len(self._lasts)]}"

    def project(self, number: int) -> Project:
        """The public work that the article of this number reports for the first time."""
        random = self.random("project", number)
        states = self.pick(random, 2, exclude=())
        kind, noun, word = random.choice(_KINDS)
        stem = self.stem(number + STATES) + "ten" * (number // len(self._stems))
        company = f"{self.stem(states[1] * 3 + random.randrange(3))}co {random.choice(('Works', 'Industries'))}"
        return Project(f"{stem} {word}", kind, noun, stem + "sted", company, (states[0], states[1]))

    def pick(self, random: Random, count: int, exclude: tuple[int, ...]) -> list[int]:
        """States by rank, without those where there is war: the news is mostly about few of them."""
        ranks = [rank for rank in range(STATES) if rank not in WAR_STATES and rank not in exclude]
        chosen: list[int] = []
        while len(chosen) < count:
            rank = random.choices(ranks, [1 / (rank + 12) for rank in ranks])[0]
            if rank not in chosen:
                chosen.append(rank)
        return chosen

    def _state(self, rank: int) -> State:
        stem, people = self.stem(rank), [self.person(rank * 3 + i) for i in range(3)]
        return State(stem + "ia", self.stem(rank + 300) + "mar", self.stem(rank + 600) + "haven", *people)
