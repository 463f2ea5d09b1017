"""Rich Text Format: its paragraphs and table rows as striprtf reads them."""

import re

from striprtf.striprtf import rtf_to_text

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.tables import lines, stands_over_figures

_INFORMATION = re.compile(r"\{\\(title|author) ([^{}]{1,300})\}")
_CODE_PAGE = re.compile(r"\\ansicpg(\d{3,5})")
_MARK = b"{\\rtf"


def load_rtf(data: bytes) -> Loaded:
    """The text of an RTF file."""
    if data.count(b"{", 0, 10_000_000) > 1_000_000:
        raise Unreadable("it has more than 1,000,000 groups")
    markup = data.decode("latin-1")
    text = rtf_to_text(markup, errors="ignore")
    described = {
        name: one_line(rtf_to_text(value, errors="ignore")) for name, value in _INFORMATION.findall(markup)
    }
    builder = Builder()
    rows: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if "|" in line and line.rstrip().endswith("|"):
            rows.append([one_line(cell) for cell in line.rstrip().rstrip("|").split("|")])
            continue
        _write(builder, rows)
        rows = []
        builder.add(one_line(line))
    return builder.build(title=described.pop("title", ""), metadata=described)


def _write(builder: Builder, rows: list[list[str]]) -> None:
    before = "\n\n"
    for line in lines(rows, int(stands_over_figures(rows))):
        builder.add(line, before=before)
        before = "\n"
