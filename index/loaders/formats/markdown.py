"""Markdown: the text as it would be read, its markup gone."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.encoding import decode
from index.loaders.formats.html import html_of
from index.loaders.tables import lines

MAX_NESTING = 100  # quotes and lists inside each other; deeper text is kept as it is written

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^(title|author|date)[ \t]*:[ \t]*(.+?)[ \t]*$", re.M | re.I)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def load_markdown(data: bytes) -> Loaded:
    """A Markdown file's paragraphs, headings, list items, table rows and code."""
    text = decode(data).replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    fields = _fields(front.group(1)) if front else {}
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    builder = Builder()
    _Writer(builder).write(parser.parse(text[front.end() :] if front else text))
    return builder.build(title=fields.pop("title", ""), metadata=fields)


def _fields(front_matter: str) -> dict[str, str]:
    """Title, author and ISO date of the YAML that many tools put in front of Markdown."""
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(front_matter)}
    date = _DATE.match(fields.pop("date", ""))
    return {**fields, "date": date.group()} if date else fields


class _Writer:
    """Writes the blocks of a parsed file, numbering list items and gathering the rows of tables."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._numbers: list[int] = []  # the next number of each open list; -1 for bullets
        self._marker = ""
        self._before = "\n\n"
        self._rows: list[list[str]] = []  # of the table that is open

    def write(self, tokens: Sequence[Token]) -> None:
        opened = ""
        for token in tokens:
            if token.type == "inline":
                self._inline(token, opened)
            elif token.type in ("fence", "code_block"):
                self._builder.add(token.content)
            elif token.type == "html_block":
                self._builder.add(html_of(token.content).text)
            else:
                self._structure(token)
            opened = token.tag

    def _inline(self, token: Token, tag: str) -> None:
        if tag in ("th", "td"):
            self._rows[-1].append(one_line(_text(token)))
            return
        level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0
        text = one_line(_text(token)) if level else _text(token)
        self._builder.add(self._marker + text, before=self._before, level=level)
        self._before, self._marker = "\n" if self._numbers else "\n\n", ""

    def _structure(self, token: Token) -> None:
        match token.type:
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_open":
                self._numbers.append(-1)
            case "list_item_open" if self._numbers[-1] >= 0:
                self._marker = f"{self._numbers[-1]}. "
                self._numbers[-1] += 1
            case "ordered_list_close" | "bullet_list_close":
                self._numbers.pop()
                self._before = "\n" if self._numbers else "\n\n"
            case "table_open":
                self._rows = []
            case "tr_open":
                self._rows.append([])
            case "table_close":
                for line in lines(self._rows, 1 if len(self._rows) > 1 else 0):
                    self._builder.add(line, before=self._before)
                    self._before = "\n"
                self._before = "\n\n"


def _text(inline: Token) -> str:
    """The readable text of a run of inline markup: links by their text, pictures by their description."""
    parts = "".join(_parts(inline.children or []))
    return "\n".join(one_line(line) for line in parts.split("\n"))


def _parts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "softbreak":
                yield " "
            case "hardbreak":
                yield "\n"
            case "html_inline":
                yield "\n" if token.content.lower().startswith("<br") else ""
            case "image":
                yield from _parts(token.children or [])
            case "text" | "code_inline" | "text_special":
                yield token.content
