"""SmartArt: the texts of a diagram's nodes, each below the one it belongs to."""

from lxml import etree

from index.loaders.builder import one_line
from index.loaders.packages import parsed

MAX_NODES = 10_000

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_NODES = ("node", "asst")


def diagram_text(data: bytes) -> str:
    """One line a node, in the diagram's order; a node below another says so: 'Head: Assistant'."""
    root = parsed(data)
    texts = {
        point.get("modelId", ""): _text(point) for point in root.iter(f"{_DIAGRAM}pt") if _is_node(point)
    }
    below: dict[str, list[tuple[int, str]]] = {}
    parents: dict[str, str] = {}
    for link in root.iter(f"{_DIAGRAM}cxn"):
        source, target = link.get("srcId", ""), link.get("destId", "")
        if link.get("type", "parOf") == "parOf" and target in texts and target not in parents:
            order = link.get("srcOrd", "0")
            below.setdefault(source, []).append((int(order) if order.isdecimal() else 0, target))
            parents[target] = source
    waiting = [(one, "") for one in reversed(list(texts)) if parents.get(one) not in texts]
    waiting.sort(key=lambda pair: -_order(below, parents, pair[0]))
    written: list[str] = []
    while waiting and len(written) < MAX_NODES:
        node, above = waiting.pop()
        text = texts.pop(node, "")
        if text:
            written.append(f"{above}: {text}" if above else text)
        waiting += [(child, text or above) for _, child in sorted(below.get(node, ()), reverse=True)]
    return "\n".join(written)


def _order(below: dict[str, list[tuple[int, str]]], parents: dict[str, str], node: str) -> int:
    return next((order for order, one in below.get(parents.get(node, ""), ()) if one == node), 0)


def _is_node(point: etree._Element) -> bool:
    return point.get("type", "node") in _NODES


def _text(point: etree._Element) -> str:
    paragraphs = (
        "".join(one.text or "" for one in paragraph.iter(f"{_DRAWING}t"))
        for paragraph in point.iter(f"{_DRAWING}p")
    )
    return one_line(" ".join(paragraphs))
