"""The colours of pictures: readable on their paper in both modes, and told apart by those who see fewer colours."""

import math
from itertools import combinations

import pytest

from kg.pictures import style, svg
from kg.pictures.families import FAMILIES

MODES = {"light": svg._LIGHT, "dark": svg._DARK}
SIGNALS = ("support", "opposition", "accent", "caution")
# From linear RGB to what is seen without the cones for red, green or blue light (Machado, Oliveira and Fernandes 2009).
SIMULATED = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
Colour = tuple[float, float, float]


def linear(colour: str) -> Colour:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(linear(one)), luminance(linear(other))))
    return (high + 0.05) / (low + 0.05)


def lab(colour: Colour) -> Colour:
    """CIE L*a*b* of a colour in linear sRGB, under D65."""
    r, g, b = colour
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, kind: str) -> Colour:
    red, green, blue = linear(colour)
    found = [min(max(a * red + b * green + c * blue, 0), 1) for a, b, c in SIMULATED[kind]]
    return found[0], found[1], found[2]


def difference(one: Colour, other: Colour) -> float:
    """CIE76: about 2 is just noticeable."""
    return math.dist(lab(one), lab(other))


@pytest.mark.parametrize("mode", MODES)
def test_words_have_a_contrast_of_4_5_and_lines_of_3(mode: str) -> None:
    palette = MODES[mode]
    assert {n: contrast(palette[n], palette["paper"]) for n in ("ink", "quiet", *SIGNALS)} == pytest.approx(
        {n: max(contrast(palette[n], palette["paper"]), 4.5) for n in ("ink", "quiet", *SIGNALS)}
    )
    assert contrast(palette["faint"], palette["paper"]) >= 3


@pytest.mark.parametrize("kind", SIMULATED)
@pytest.mark.parametrize("mode", MODES)
def test_signals_are_told_apart_without_some_colours(mode: str, kind: str) -> None:
    palette = MODES[mode]
    near = {
        (one, other): round(found, 1)
        for one, other in combinations(SIGNALS, 2)
        if (found := difference(seen(palette[one], kind), seen(palette[other], kind))) < 10
    }
    assert near == {}


def test_the_style_is_small_and_of_pictures_alone() -> None:
    css = style()
    assert len(css) < 6_000
    rules = [line for line in css.splitlines() if line and not line.startswith(("@media", "}"))]
    assert all(part.startswith(".kg-picture") for line in rules for part in line.split("{")[0].split(","))
    assert set(svg._OF_FAMILY) <= {*FAMILIES}
