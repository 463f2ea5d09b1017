"""The report's plots, as SVG; both axes run from 0 to 100 %."""

from collections.abc import Sequence
from html import escape

from qa.evaluate.figures import Figures, Trade
from qa.evaluate.measures import Bin

Point = tuple[float, float]

_WIDTH, _HEIGHT = 360, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 20, 14, 46
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
# The area of a dot says how many answers it stands for.
_LARGEST_DOT, _SMALLEST_DOT = 11.0, 2.5


def reliability(figures: Figures) -> str:
    """How many answers were right against how sure Quoth was of them."""
    bins = figures.confidence.reliability
    parts = [_line([(0, 0), (1, 1)], "ideal"), *_dots(bins)]
    return _plot("Reliability", "confidence", "right", parts)


def risk_coverage(figures: Figures) -> str:
    """The share of wrong answers against the share of questions that are answered, the surest first."""
    answered = figures.rates.answered.share or 0.0
    parts = [
        _line(figures.confidence.risk_coverage, "first"),
        _upright(answered, f"threshold {figures.threshold:.2f}"),
    ]
    return _plot("Risk and coverage", "questions answered", "of those, wrong", parts)


def trade(figures: Figures) -> str:
    """What each threshold would answer, and how much of that is right."""
    trades = figures.trade
    parts = [
        _line([(one.threshold, one.answered) for one in trades], "first"),
        _line([(one.threshold, one.right) for one in trades if one.right is not None], "second"),
        _upright(figures.threshold, f"threshold {figures.threshold:.2f}"),
    ]
    return _plot("Answers given, answers right", "threshold", "share", parts) + _legend(trades)


def _legend(trades: Sequence[Trade]) -> str:
    names = [("first", "answers given, of all questions"), ("second", "right, of the answers given")]
    return (
        '<p class="legend">'
        + "".join(f'<span><i class="{kind}"></i>{escape(name)}</span>' for kind, name in names if trades)
        + "</p>"
    )


def _dots(bins: Sequence[Bin]) -> list[str]:
    most = max((one.count for one in bins), default=1)
    return [
        f'<circle class="first" cx="{_x(one.confidence):.1f}" cy="{_y(one.right):.1f}" '
        f'r="{max(_SMALLEST_DOT, _LARGEST_DOT * (one.count / most) ** 0.5):.1f}">'
        f"<title>confidence {one.low:.2f} to {one.high:.2f}: {one.count:,} answers, "
        f"mean confidence {one.confidence:.3f}, right {one.right:.3f}</title></circle>"
        for one in bins
    ]


def _line(points: Sequence[Point], kind: str) -> str:
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline class="{kind}" points="{path}"/>'


def _upright(at: float, label: str) -> str:
    """A dashed line at `at`, its label on the side that has more room."""
    anchor, gap = ("end", -5) if at > 0.5 else ("start", 5)
    return (
        f'<line class="mark" x1="{_x(at):.1f}" x2="{_x(at):.1f}" y1="{_y(1)}" y2="{_y(0)}"/>'
        f'<text x="{_x(at) + gap:.1f}" y="{_y(1) + 12}" text-anchor="{anchor}">{escape(label)}</text>'
    )


def _plot(title: str, x_label: str, y_label: str, parts: Sequence[str]) -> str:
    """The frame with its grid and labels, and the parts within."""
    grid = [
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(tick)}" y2="{_y(tick)}"/>'
        f'<text x="{_LEFT - 7}" y="{_y(tick) + 4}" text-anchor="end">{tick:.0%}</text>'
        f'<text x="{_x(tick)}" y="{_y(0) + 17}" text-anchor="middle">{tick:.0%}</text>'
        for tick in _TICKS
    ]
    middle = _y(0.5)
    labels = (
        f'<text x="{_x(0.5)}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text x="13" y="{middle}" text-anchor="middle" transform="rotate(-90 13 {middle})">'
        f"{escape(y_label)}</text>"
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(grid)}{labels}{''.join(parts)}</svg>"
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)
