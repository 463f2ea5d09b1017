"""HTML: the text a reader sees, without scripts, menus and markup."""

import re
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import with_pictures
from index.loaders.encoding import decode
from index.loaders.formats.html_flow import Flow
from index.loaders.formats.html_forms import STRUCK, is_consent, is_panel
from index.loaders.formats.html_images import Images

MAX_DEPTH = 10_000  # elements open at once; parsing takes time with its square, and no page has a tenth of it
MIN_MAIN_SHARE = 0.3  # of the page's text that <main> or <article> must hold to be taken for the whole

MIN_WORDS = 20  # characters beside links that make a footer worth reading

_HIDDEN = (
    "script,style,noscript,template,nav,svg:not(:has(image)),iframe,object,canvas,audio,video,datalist,head,"
    "[role=navigation],[role=menu],[role=menubar],[role=search],.hash-link,.noprint,"
    ".mw-editsection,.mw-jump-link,.mw-portlet,.vector-menu,.catlinks,.printfooter,.navbox,.navbar,table.sidebar"
)
_UNSEEN = (
    "dialog,[hidden],[aria-hidden=true],[style*='display:none'],[style*='display: none']"  # until a click
)
_FOOTERS = "body > footer,body > div > footer,[role=contentinfo]"
_OMITS_END = frozenset(  # elements that may stand without an end tag
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th tbody thead tfoot "
    "option optgroup colgroup caption rt rp html head body".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_REFERENCE = re.compile(r"\[\s*(?:\d{1,4}|[a-z]|(?:note|nb) \d+|citation needed)\s*\]")  # marks of footnotes
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
_CHANGES = ("article:modified_time", "last-modified", "datemodified")
_DATES = ("article:published_time", "date", "dc.date", "dcterms.date", "datepublished")


def load_html(data: bytes) -> Loaded:
    """A web page's main text, with that of pictures which are in it as data."""
    return with_pictures(lambda pictures: markup_of(data, Images(pictures)))


def markup_of(data: bytes, images: Images) -> Loaded:
    """The same, with the text of those pictures that `images` has."""
    declared = _DECLARED.search(data[:4096])
    return html_of(decode(data, declared.group(1).decode("ascii") if declared else ""), images)


def html_of(markup: str, images: Images | None = None) -> Loaded:
    """A web page that is decoded already."""
    _check_depth(markup)
    tree = LexborHTMLParser(markup.replace("\0", ""))
    title = _title(tree)
    metadata = {"title": title, **_metadata(tree)}
    for node in tree.css(_HIDDEN):
        node.decompose()
    unseen = [node for node in tree.css(_UNSEEN) if not is_panel(tree, node)]
    for node in [*unseen, *filter(is_consent, tree.css("[id],[class]"))]:
        node.decompose()
    for node in tree.css("sup"):
        if _REFERENCE.fullmatch(node.text().strip()):
            node.decompose()
    builder = Builder()
    struck = tree.css(STRUCK)
    for node in struck:
        builder.leave_out_struck(node.text())
    for node in [*struck, *(one for one in tree.css(_FOOTERS) if not _says_something(one))]:
        node.decompose()
    main = _main(tree)
    if main is not None:
        Flow(builder, images).add(main)
    return builder.build(title=title, metadata=metadata)


def _says_something(node: LexborNode) -> bool:
    """Whether there is more in the element than links and a word or two."""
    text, links = one_line(node.text()), sum(len(one_line(link.text())) for link in node.css("a"))
    return len(text) - links >= max(MIN_WORDS, links)


def _check_depth(markup: str) -> None:
    depth = 0
    for tag in _TAG.finditer(markup) if markup.count("<") > MAX_DEPTH else ():
        if tag.group(2).lower() not in _OMITS_END:
            depth = max(depth - 1, 0) if tag.group(1) else depth + 1
            if depth > MAX_DEPTH:
                raise Unreadable(f"its elements are nested deeper than {MAX_DEPTH:,} levels")


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the page's own text; the body where none does."""
    body = tree.body
    if body is None:
        return None
    whole = len(one_line(body.text()))
    for selector in ("main", "[role=main]", "article"):
        found = tree.css(selector)
        if len(found) == 1 and len(one_line(found[0].text())) >= MIN_MAIN_SHARE * whole:
            return found[0]
    return body


def _title(tree: LexborHTMLParser) -> str:
    """The title without the site's name, which most pages add: the first h1 where the title holds it."""
    node, heading = tree.css_first("head > title"), tree.css_first("h1")
    title = one_line(node.text()) if node else ""
    first = one_line(heading.text()) if heading else ""
    return first if first and (not title or first in title) else title


def _metadata(tree: LexborHTMLParser) -> dict[str, str]:
    values: dict[str, str] = {}
    for node in tree.css("meta"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        values.setdefault(name, one_line(node.attributes.get("content") or ""))
    date = next((values[name] for name in _DATES if values.get(name)), "")
    changed = next((values[name] for name in _CHANGES if values.get(name)), "")
    root = tree.root
    language = "" if root is None else root.attributes.get("lang") or ""
    return {
        "author": values.get("author", ""),
        "created": _iso_date(date),
        "modified": _iso_date(changed),
        "language": language,
    }


def _iso_date(text: str) -> str:
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return ""
