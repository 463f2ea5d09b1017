"""The plot of growth, as SVG: time and memory against the number of passages, all axes logarithmic."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

Point = tuple[float, float]
Series = Mapping[str, Sequence[Point]]

_WIDTH, _HEIGHT = 460, 330
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 40, 34, 92
_COLOURS = ("#0b6e99", "#c2571a", "#5b8c2a", "#8a4fa3", "#555555")
_SIZES = (3, 7)


def growth_plot(sizes: Mapping[str, Mapping[str, Any]]) -> str:
    """Two plots side by side of what benchmarks/scale.py measured, by the folders' names."""
    times = {
        "hybrid search, median": _points(sizes, "measure", "hybrid", "p50_processor_ms"),
        "the ten nearest, median": _points(sizes, "measure", "dense", "p50_processor_ms"),
        "adding a document, median": _points(sizes, "measure", "add", "p50_processor_ms"),
        "opening": [(x, 1000 * y) for x, y in _points(sizes, "measure", "open", "processor_seconds")],
    }
    memory = {
        "a service with its models": _points(sizes, "serve", "service_resident_MiB", "all"),
        "of that, mapped files": _points(sizes, "serve", "service_resident_MiB", "of_files"),
    }
    plots = [
        _plot("Processor time in milliseconds", times, (-2, 4), 0),
        _plot("Resident memory in MiB", memory, (1, 4), _WIDTH),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="Time and memory against the number of passages" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(plots)}</svg>\n'
    )


def _points(sizes: Mapping[str, Mapping[str, Any]], *keys: str) -> list[Point]:
    points = []
    for name, figures in sizes.items():
        value: Any = figures
        for key in keys:
            value = value.get(key, {}) if isinstance(value, Mapping) else {}
        if isinstance(value, int | float) and value > 0:
            points.append((float(name.partition("-")[0]), float(value)))
    return sorted(points)


def _plot(title: str, series: Series, decades: tuple[int, int], shift: int) -> str:
    def x(value: float) -> float:
        low, high = _SIZES
        return _LEFT + (math.log10(value) - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        low, high = decades
        return _HEIGHT - _BOTTOM - (math.log10(value) - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [f'<text x="{_LEFT}" y="18" font-size="13">{escape(title)}</text>']
    for power in range(decades[0], decades[1] + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    for power in range(_SIZES[0], _SIZES[1] + 1):
        label = f"{10**power:,}"
        at = x(10.0**power)
        parts.append(f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{label}</text>')
    for number, (name, points) in enumerate(series.items()):
        colour = _COLOURS[number]
        line = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}">'
            f"<title>{size:,.0f}: {value:,g}</title></circle>"
            for size, value in points
        ]
        below = _HEIGHT - _BOTTOM + 36 + 14 * number
        parts.append(f'<rect x="{_LEFT}" y="{below - 8}" width="14" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + 20}" y="{below - 2}">{escape(name)}</text>')
    return f'<g transform="translate({shift} 0)">{"".join(parts)}</g>'
