"""Markdown: the text as it would be read, its markup gone."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.encoding import decode
from index.loaders.formats.front_matter import metadata, split
from index.loaders.formats.html import html_of
from index.loaders.formats.markdown_lists import OrderedList
from index.loaders.formats.wrapped import with_descriptions
from index.loaders.raised import lowered, raised
from index.loaders.tables import lines

MAX_NESTING = 100  # quotes and lists inside each other; deeper text is kept as it is written

_CALLOUT = re.compile(r"\[!([\w-]+)\][+-]?[ \t]*")
_TITLED = re.compile(rf"{_CALLOUT.pattern}\S")  # its title fills the line
_WIKI_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")


def load_markdown(data: bytes) -> Loaded:
    """A Markdown file's properties, paragraphs, headings, list items, table rows, notes and code."""
    fields, text = split(decode(data).replace("\r\n", "\n").replace("\r", "\n"))
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False)
    builder = Builder()
    builder.add("\n".join(f"{key}: {value}" for key, value in fields.items() if value))
    _MarkdownWriter(builder, text.split("\n")).write(_noted(parser.parse(text)))
    described = metadata(fields)
    return builder.build(title=described.get("title", ""), metadata=described)


def _noted(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each note after the block that refers to it first."""
    notes: dict[int, list[Token]] = {}
    body: list[Token] = []
    inside: int | None = None
    for token in tokens:
        if token.type == "footnote_open":
            inside = int(token.meta.get("id", -1))
        elif token.type == "footnote_close":
            inside = None
        elif token.type not in ("footnote_block_open", "footnote_block_close", "footnote_anchor"):
            (body if inside is None else notes.setdefault(inside, [])).append(token)
    placed: list[Token] = []
    waiting: list[int] = []
    depth = 0
    for token in body:
        placed.append(token)
        depth += token.nesting
        waiting += [child.meta["id"] for child in token.children or () if child.type == "footnote_ref"]
        if depth == 0:
            placed += [one for number in waiting for one in notes.pop(number, ())]
            waiting = []
    return placed + [token for one in notes.values() for token in one]


class _MarkdownWriter:
    """Writes the blocks of a parsed file, numbering list items and gathering the rows of tables."""

    def __init__(self, builder: Builder, source: Sequence[str]) -> None:
        self._builder = builder
        self._source = source
        self._lists: list[OrderedList | None] = []  # those that are open; None for bullets
        self._marker = ""
        self._before = "\n\n"
        self._rows: list[list[str]] = []  # of the table that is open

    def write(self, tokens: Sequence[Token]) -> None:
        opened = ""
        for token in tokens:
            if token.type == "inline":
                self._inline(token, opened)
            elif token.type in ("fence", "code_block"):
                self._builder.add(self._marker + with_descriptions(token.content))
                self._marker = ""
            elif token.type == "html_block":
                self._builder.include(html_of(token.content))
            else:
                self._structure(token)
            opened = token.tag

    def _inline(self, token: Token, tag: str) -> None:
        if tag in ("th", "td"):
            self._rows[-1].append(one_line(self._text(token)))
            return
        level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0
        text = one_line(self._text(token)) if level else self._text(token)
        bold = not self._lists and _is_bold(token.children or [])
        self._builder.add(self._marker + text, before=self._before, level=level, bold=bold)
        self._before, self._marker = "\n" if self._lists else "\n\n", ""

    def _structure(self, token: Token) -> None:
        match token.type:
            case "ordered_list_open":
                self._lists.append(OrderedList())
            case "bullet_list_open":
                self._lists.append(None)
            case "list_item_open":
                ordered = self._lists[-1]
                line = self._source[token.map[0]] if token.map else ""
                self._marker = f"{ordered.number(int(token.info), line)}. " if ordered else ""
            case "list_item_close":
                self._marker = ""
            case "ordered_list_close" | "bullet_list_close":
                self._lists.pop()
                self._before = "\n" if self._lists else "\n\n"
            case "table_open":
                self._rows = []
            case "tr_open":
                self._rows.append([])
            case "table_close":
                for line in lines(self._rows, 1 if len(self._rows) > 1 else 0):
                    self._builder.add(line, before=self._before)
                    self._before = "\n"
                self._before = "\n\n"

    def _text(self, inline: Token) -> str:
        """The readable text of a run of inline markup: links by their text, pictures by their description."""
        pieces = _Pieces(titled=bool(_TITLED.match(inline.content)))
        pieces.read(inline.children or [])
        for struck in pieces.struck:
            self._builder.leave_out_struck(struck)
        text = _WIKI_LINK.sub(_linked, pieces.text)
        callout = _CALLOUT.match(text)
        if callout:
            name = callout.group(1).replace("-", " ").capitalize()
            rest = text[callout.end() :]
            text = f"{name}: {rest.lstrip()}" if rest.strip() else name
        return "\n".join(one_line(line) for line in text.split("\n"))


def _is_bold(tokens: Sequence[Token]) -> bool:
    """Whether one stretch of strong text holds all that a paragraph says."""
    kinds = [token.type for token in tokens if token.type != "text" or token.content]
    return kinds[:1] == ["strong_open"] and kinds[-1:] == ["strong_close"] and kinds.count("strong_open") == 1


def _linked(link: re.Match[str]) -> str:
    """A link between notes as it is shown: by its own words, or by what it leads to."""
    embedded, target, words = link.groups()
    return "" if embedded else (words or target).replace("#", " > ").strip()


class _Pieces:
    """The text of inline tokens, what is struck out apart; `titled`: the first line is a title."""

    def __init__(self, *, titled: bool) -> None:
        self._titled = titled
        self.text = ""
        self.struck: list[str] = []
        self._gone = 0  # struck-out stretches that are open
        self._shift = ""  # the element that raises or lowers

    def read(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            match token.type:
                case "softbreak":
                    self._add("\n" if self._titled else " ")
                    self._titled = False
                case "hardbreak":
                    self._add("\n")
                case "html_inline":
                    self._markup(token.content.lower())
                case "s_open" | "s_close":
                    self._strike(token.nesting)
                case "image":
                    self.read(token.children or [])
                case "text" | "code_inline" | "text_special":
                    self._add(token.content)

    def _strike(self, nesting: int) -> None:
        if nesting > 0 and not self._gone:
            self.struck.append("")
        self._gone = max(self._gone + nesting, 0)

    def _markup(self, tag: str) -> None:
        if tag.startswith("<br"):
            self._add("\n")
        elif name := re.match(r"<(/?)(del|s|strike|sup|sub)\b", tag):
            if name.group(2) in ("sup", "sub"):
                self._shift = "" if name.group(1) else name.group(2)
            else:
                self._strike(-1 if name.group(1) else 1)

    def _add(self, text: str) -> None:
        if self._gone:
            self.struck[-1] += text
        elif self._shift:
            self.text += (raised if self._shift == "sup" else lowered)(self.text[-60:], text)
        else:
            self.text += text
