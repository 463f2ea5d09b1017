"""Charts in Office files: the title, and each category with its values, from what the chart itself saves."""

from collections.abc import Iterator

from lxml import etree

from index.loaders.builder import Builder, Unreadable, one_line
from index.loaders.formats.number_formats import shown
from index.loaders.packages import parsed
from index.loaders.tables import lines

MAX_POINTS = 20_000  # of a series; a chart may claim any index

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_NEW = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def write_chart(builder: Builder, data: bytes, place: str) -> None:
    """The chart in the part `data`; a remark where it holds no values, with `place` in it."""
    try:
        root = parsed(data)
    except Unreadable:
        builder.leave_out(f"a chart{place}: it is damaged")
        return
    builder.add(_title(root))
    rows = _newer_rows(root) if root.tag.startswith(_NEW) else _rows(root)
    before = "\n\n"
    for line in lines(rows, 1 if len(rows) > 1 else 0)[1 if len(rows) > 1 else 0 :]:
        builder.add(line, before=before)
        before = "\n"
    axes = [text for axis in root.iter(f"{_CHART}valAx", f"{_CHART}catAx") if (text := _title(axis))]
    if axes:
        builder.add(" | ".join(dict.fromkeys(axes)), before=before)
    if len(rows) < 2:
        builder.leave_out(f"a chart{place}: its values are not saved in it")


def _title(parent: etree._Element) -> str:
    chart = parent.find(f"{_CHART}chart")
    title = (parent if chart is None else chart).find(f"{_CHART}title")
    if title is None:
        title = next(parent.iter(f"{_NEW}title"), None) if parent.tag.startswith(_NEW) else None
    if title is None:
        return ""
    texts = [one_line("".join(map(_text, one.iter(f"{_DRAWING}t")))) for one in title.iter(f"{_DRAWING}p")]
    return " ".join(filter(None, texts)) or " ".join(map(_text, title.iter(f"{_CHART}v")))


def _rows(root: etree._Element) -> list[list[str]]:
    """The categories with the value of every series, under the names of the series."""
    names: list[str] = []
    rows: dict[str, dict[int, str]] = {}
    for number, series in enumerate(root.iter(f"{_CHART}ser")):
        names.append(_name(series))
        values = _points(series, "val") or _points(series, "yVal")
        categories = _points(series, "cat") or _points(series, "xVal")
        for index, value in values.items():
            category = categories.get(index) or str(index + 1)
            rows.setdefault(category, {}).setdefault(number, value)
    if not rows:
        return []
    return [
        ["", *names],
        *(
            [category, *(values.get(number, "") for number in range(len(names)))]
            for category, values in rows.items()
        ),
    ]


def _name(series: etree._Element) -> str:
    label = series.find(f"{_CHART}tx")
    return "" if label is None else one_line(" ".join(map(_text, label.iter(f"{_CHART}v"))))


def _points(series: etree._Element, kind: str) -> dict[int, str]:
    """The saved texts of a series' values or categories; those of several levels are joined."""
    source = series.find(f"{_CHART}{kind}")
    if source is None:
        return {}
    levels = list(source.iter(f"{_CHART}lvl")) or [source]
    code = source.findtext(f".//{_CHART}formatCode") or "General"
    last: list[dict[int, str]] = [_level(level, code) for level in reversed(levels)]
    points: dict[int, str] = {}
    for index in last[-1]:
        upper = [
            level[max((one for one in level if one <= index), default=index)] for level in last[:-1] if level
        ]
        points[index] = one_line(" ".join([*upper, last[-1][index]]))
    return points


def _level(parent: etree._Element, code: str) -> dict[int, str]:
    points: dict[int, str] = {}
    for point in parent.iter(f"{_CHART}pt"):
        index, value = point.get("idx", ""), point.findtext(f"{_CHART}v") or ""
        if index.isdecimal() and len(points) < MAX_POINTS and value:
            numeric = point.getparent()
            is_number = numeric is not None and numeric.tag in (f"{_CHART}numCache", f"{_CHART}numLit")
            points[int(index)] = (
                _number(value, point.get("formatCode") or code) if is_number else one_line(value)
            )
    return points


def _number(value: str, code: str) -> str:
    try:
        return shown(float(value), code)
    except ValueError:
        return one_line(value)


def _newer_rows(root: etree._Element) -> list[list[str]]:
    """Waterfalls, funnels and other newer charts, which keep their data beside the series."""
    rows: list[list[str]] = [["", ""]]
    for data in root.iter(f"{_NEW}data"):
        texts = [_text(point) for one in data.iter(f"{_NEW}strDim") for point in one.iter(f"{_NEW}pt")]
        values = [
            _number(_text(point), "General")
            for one in data.iter(f"{_NEW}numDim")
            for point in one.iter(f"{_NEW}pt")
        ]
        rows += [list(pair) for pair in _paired(texts, values)]
    return rows


def _paired(texts: list[str], values: list[str]) -> Iterator[tuple[str, str]]:
    for number in range(min(max(len(texts), len(values)), MAX_POINTS)):
        yield (
            one_line(texts[number]) if number < len(texts) else "",
            values[number] if number < len(values) else "",
        )


def _text(element: etree._Element) -> str:
    return element.text or ""
