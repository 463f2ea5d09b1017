"""RSS and Atom feeds: the entries, each headed by its title, their markup read as web pages."""

from collections.abc import Iterator

from lxml import etree

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.formats.html import html_of

ROOTS = ("rss", "feed", "RDF")

_ENTRIES = ("item", "entry")
_FIELDS = ("author", "creator", "pubDate", "published", "updated", "date", "category")
_TEXTS = ("content", "encoded", "description", "summary")


def read_feed(root: etree._Element) -> Loaded:
    """The feed's own title and description, and its entries in their order."""
    builder = Builder()
    channel = next((one for one in root if _name(one) == "channel"), root)
    title = one_line(_child(channel, "title"))
    builder.add(title, level=1)
    for name in ("description", "subtitle"):
        _markup(builder, _child(channel, name))
    for entry in (one for one in root.iter() if _name(one) in _ENTRIES):
        builder.add(one_line(html_of(_child(entry, "title")).text), level=2)
        builder.add("\n".join(_fields(entry)))
        texts = [text for name in _TEXTS if (text := _child(entry, name))]
        _markup(builder, max(texts, key=len, default=""))
    return builder.build(title=title, metadata={"title": title, "language": _child(channel, "language")})


def _fields(entry: etree._Element) -> Iterator[str]:
    for child in entry:
        text = one_line(" ".join(map(str, child.itertext())) or child.get("term", ""))
        if _name(child) in _FIELDS and text:
            yield f"{_name(child)}: {text}"


def _markup(builder: Builder, text: str) -> None:
    if text:
        builder.include(html_of(text), deeper=2)


def _child(parent: etree._Element, name: str) -> str:
    """The text of a child, with its markup where it holds elements."""
    child = next((one for one in parent if _name(one) == name), None)
    if child is None:
        return ""
    if len(child):
        return (child.text or "") + "".join(etree.tostring(one, encoding="unicode") for one in child)
    return child.text or ""


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
