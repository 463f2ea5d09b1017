"""XML of any kind: prose as paragraphs, records as lines of 'name: value'."""

from collections.abc import Iterator

from lxml import etree

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.formats.feed import ROOTS, read_feed
from index.loaders.packages import parsed

MAX_RECORD_LINE = 400  # characters up to which a record stands on one line, so that it can be quoted whole
MAX_NAMED = 200  # characters; a longer text needs no name in front of it
MAX_INLINE = 5_000_000  # characters of one paragraph

_TITLES = frozenset("title head heading".split())
_PROSE = frozenset(
    "p para simpara paragraph text body abstract li item-text quote note caption description".split()
)
_UNSAID = frozenset("schemaLocation noNamespaceSchemaLocation lang space base id".split())


def load_xml(data: bytes) -> Loaded:
    """The text of an XML file in its order."""
    root = parsed(data)
    if _local(root) in ROOTS:
        return read_feed(root)
    builder = Builder()
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        children = list(_elements(element))
        if not children or _is_mixed(element):
            _write_leaf(builder, element, depth)
        elif all(not len(child) for child in children) and _local(children[0]) not in _PROSE:
            _write_record(builder, element, children)
        else:
            builder.add("\n".join(_attributes(element)))
            waiting.extend((child, depth + 1) for child in reversed(children))
    return builder.build()


def _write_leaf(builder: Builder, element: etree._Element, depth: int) -> None:
    """An element that holds text, or nothing but its attributes."""
    name, text = _local(element), one_line("".join(map(str, element.itertext())))
    if name in _TITLES and text:
        builder.add(text, level=min(max(depth - 1, 1), 6))
    elif text:
        bare = name in _PROSE or len(text) > MAX_NAMED or _is_mixed(element)
        builder.add(text if bare else f"{name}: {text}", before="\n\n" if bare else "\n")
    else:
        builder.add(" | ".join(_attributes(element)), before="\n")


def _write_record(builder: Builder, element: etree._Element, children: list[etree._Element]) -> None:
    fields = [*_attributes(element)]
    for child in children:
        text = one_line(child.text or "")
        fields += [f"{_local(child)}: {text}"] if text else _attributes(child)
    whole = " | ".join(fields)
    if len(whole) <= MAX_RECORD_LINE:
        builder.add(whole, before="\n")
    else:
        builder.add("\n".join(fields))


def _is_mixed(element: etree._Element) -> bool:
    """Whether the element has text of its own beside or between its children."""
    return len(element) > 0 and bool(
        (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    )


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def _attributes(element: etree._Element) -> list[str]:
    return [
        f"{etree.QName(name).localname}: {one_line(str(value))}"
        for name, value in element.attrib.items()
        if etree.QName(name).localname not in _UNSAID and one_line(str(value))
    ]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
