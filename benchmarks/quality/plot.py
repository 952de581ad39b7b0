"""A reliability plot as SVG (no plotting library: it is forty lines)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from benchmarks.quality.calibration import Reliability

SIZE, LEFT, TOP, WIDTH, HEIGHT = 320, 56, 28, 560, 404
COLOURS = ("#1f5f8b", "#b3541e", "#3c7a3c", "#6b4a8b")
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def reliability_svg(series: Mapping[str, Reliability]) -> str:
    """One line of points a corpus; a point's area grows with the attributions in its bin."""
    curves = [
        _curve(each, COLOURS[n % len(COLOURS)]) + _key(n, f"{name} (ECE {each.error:.3f})")
        for n, (name, each) in enumerate(series.items())
    ]
    parts = [_HEAD, _grid(), *curves, "</svg>\n"]
    return "\n".join(parts)


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    ' font-family="sans-serif" font-size="12" fill="#333">\n'
    "<title>Reliability of the confidence of attributions</title>\n"
    "<desc>Share of right attributions over mean confidence, in ten bins;"
    " the dashed line is perfect calibration.</desc>\n"
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
)


def _x(value: float) -> float:
    return round(LEFT + SIZE * value, 1)


def _y(value: float) -> float:
    return round(TOP + SIZE * (1 - value), 1)


def _grid() -> str:
    lines = [
        f'<path d="M{_x(0)} {_y(t)}H{_x(1)}M{_x(t)} {_y(0)}V{_y(1)}" stroke="#ddd"/>'
        f'<text x="{_x(0) - 8}" y="{_y(t) + 4}" text-anchor="end">{t:.1f}</text>'
        f'<text x="{_x(t)}" y="{_y(0) + 18}" text-anchor="middle">{t:.1f}</text>'
        for t in TICKS
    ]
    lines.append(f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#888" stroke-dasharray="4"/>')
    lines.append(f'<text x="{_x(0.5)}" y="{_y(0) + 40}" text-anchor="middle">confidence</text>')
    turned = f'transform="rotate(-90 16 {_y(0.5)})"'
    lines.append(f'<text x="16" y="{_y(0.5)}" text-anchor="middle" {turned}>share right</text>')
    return "\n".join(lines)


def _curve(found: Reliability, colour: str) -> str:
    filled = [each for each in found.bins if each.count]
    most = max((each.count for each in filled), default=1)
    line = " ".join(f"{_x(each.confidence)},{_y(each.right)}" for each in filled)
    points = "".join(
        f'<circle cx="{_x(each.confidence)}" cy="{_y(each.right)}"'
        f' r="{2 + 6 * math.sqrt(each.count / most):.1f}" fill-opacity="0.75"/>'
        for each in filled
    )
    return (
        f'<g fill="{colour}"><polyline points="{line}" fill="none" stroke="{colour}"/>{points}</g>'
    )


def _key(number: int, label: str) -> str:
    y = TOP + 12 + 20 * number
    colour = COLOURS[number % len(COLOURS)]
    return (
        f'<circle cx="{_x(1) + 16}" cy="{y - 4}" r="5" fill="{colour}"/>'
        f'<text x="{_x(1) + 26}" y="{y}">{escape(label)}</text>'
    )
