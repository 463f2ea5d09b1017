"""How well a text says what is in a file: words, their order, cells of tables, and the handed cases."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import openpyxl
from pptx import Presentation
from selectolax.lexbor import LexborHTMLParser

MOST_CELLS = 400  # of one file
LINK = re.compile(r"\]\([^)]*\)|<?https?://\S+")  # of Markdown, which the others write
_STRUCK_OUT = re.compile(r"~~.*?~~", re.S)  # as Markdown marks it

Texts = Mapping[str, str]  # by path
Cell = tuple[str, str, str]  # the row's label, the column's header, the value

# By case: the file, patterns that a line of its text must fit, and such that none may.
CASES: tuple[tuple[str, str, Sequence[str], Sequence[str]], ...] = (
    ("01-pdf-form-values", "application.pdf", (r"rent.*845", r"applicant.*Odile Brandvik"), ()),
    ("02-footnote-mark-on-a-number", "fees.pdf", (r"\$320\b",), ()),
    ("02-footnote-mark-on-a-number", "dish.html", (r"10(\^|⁶| |<sup>)",), (r"\b106\b",)),
    ("02-footnote-mark-on-a-number", "dose.docx", (r"10(\^|⁶| |<sup>)",), (r"\b106\b",)),
    ("03-docx-auto-numbered-clauses", "storage-contract.docx", (r"^6\..*sublet", r"^4\..*food"), ()),
    ("04-docx-tracked-move", "payment-terms.docx", (r"30 days",), (r"10 days[^~]*30 days",)),
    ("05-merged-row-labels", "fleet.docx", (r"Porto.*Truck.*61900", r"Lisbon.*Trailer.*LX-77-QD"), ()),
    ("05-merged-row-labels", "fleet.html", (r"Porto.*Truck.*61900",), ()),
    ("05-merged-row-labels", "fleet.pptx", (r"Porto.*Truck.*61900",), ()),
    ("05-merged-row-labels", "fleet.xlsx", (r"Porto.*Truck.*61900", r"Lisbon.*Trailer.*LX-77-QD"), ()),
    ("06-pptx-smartart-and-chart", "deck.pptx", (r"Chief of medicine.*Ines Talvik", r"Autumn.*5310"), ()),
    ("07-eml-text-after-attachment", "hall.eml", (r"Mrs Okafor",), (r"iVBOR",)),
    ("08-eml-plain-part-is-a-stub", "booking.eml", (r"cabin 12",), (r"<html>",)),
    ("09-md-front-matter", "fence.md", (r"owner.*Pilar Ostrander", r"due.*2025-11-30"), ()),
    ("11-struck-out-text", "deliveries.docx", (r"14:30",), (r"16:00",)),
    ("11-struck-out-text", "dogs.html", (r"5 metres",), (r"2 metres",)),
    ("11-struck-out-text", "pool.md", (r"30 euros",), (r"25 euros",)),
    ("12-csv-sep-line", "lockers.csv", (r"Jorge Pinto.*Deposit: 35|Holder[^;]*\| *Deposit",), ()),
    ("13-xlsx-leading-zeros", "members.xlsx", (r"Hana Lindqvist.*00742",), ()),
    ("15-pdf-two-columns-drawn-by-row", "newsletter.pdf", (r"once a month",), (r"ten days[^\n]*honey",)),
    ("28-xlsx-formula-without-saved-value", "order.xlsx", (r"Tent.*(B2 ?\* ?C2|660)",), ()),
)


def case_files(folder: Path) -> list[Path]:
    """The files of the cases."""
    return [folder / case / name for case, name, _, _ in CASES]


def faults(texts: Texts, folder: Path) -> dict[str, str]:
    """By case whether all that is asked of its files is right."""
    right: dict[str, bool] = {}
    for case, name, must, must_not in CASES:
        text = _STRUCK_OUT.sub("", texts[str(folder / case / name)])
        good = all(re.search(one, text, re.M | re.I) for one in must)
        good = good and not any(re.search(one, text, re.I | re.S) for one in must_not)
        right[case] = right.get(case, True) and good
    return {case: "right" if good else "wrong" for case, good in right.items()}


def words(text: str) -> Counter[str]:
    return Counter(_split(text))


def order(text: str) -> Counter[str]:
    """Pairs of words of which one follows the other."""
    return Counter(" ".join(pair) for pair in pairwise(_split(text)))


def _split(text: str) -> list[str]:
    return re.findall(r"\w+", LINK.sub(" ", text).casefold())


def agreed_share(counts: Mapping[str, Mapping[str, Counter[str]]], name: str) -> dict[str, float]:
    """By kind of file, the share of what at least two tools found which this one found."""
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for path in counts[name]:
        of_all = [counts[tool][path] for tool in counts]
        agreed = Counter({one: sorted(some[one] for some in of_all)[-2] for one in set().union(*of_all)})
        kind = Path(path).suffix
        wanted[kind] += agreed.total()
        found[kind] += (agreed & counts[name][path]).total()
    return {kind: round(found[kind] / total, 4) for kind, total in sorted(wanted.items()) if total}


def cell_shares(texts: Texts, cells: Mapping[str, Sequence[Cell]]) -> dict[str, dict[str, float]]:
    """By kind of file, the share of cells on one line with their row's label; and with their header too."""
    seen: dict[str, list[tuple[bool, bool]]] = {}
    for path, wanted in cells.items():
        lines = [_plain(line) for line in texts[path].split("\n")]
        for label, header, value in wanted:
            rows = [line for line in lines if value in line and label in line]
            both = bool(rows), any(header in line for line in rows)
            seen.setdefault(Path(path).suffix, []).append(both)
    return {
        kind: {
            "cells": len(found),
            "with the row's label": round(sum(row for row, _ in found) / len(found), 4),
            "and the column's header": round(sum(both for _, both in found) / len(found), 4),
        }
        for kind, found in sorted(seen.items())
    }


def cells_of(path: Path) -> list[Cell]:
    """The cells with words or whole numbers of a file's tables, as other libraries read them."""
    tables = {".xlsx": _sheets, ".docx": _docx, ".pptx": _pptx, ".html": _html}.get(path.suffix)
    found: list[Cell] = []
    for rows in tables(path) if tables else ():
        grid = [[_plain(cell) for cell in row] for row in rows]
        if (
            len(grid) < 2
            or len(grid[0]) < 2
            or len({*grid[0], ""}) <= len(grid[0])
            or len({len(row) for row in grid}) > 1
        ):
            continue
        for row in grid[1:]:
            found += [
                (row[0], header, value)
                for header, value in zip(grid[0][1:], row[1:], strict=True)
                if row[0] and value and value != row[0]
            ]
    return found[:MOST_CELLS]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[|\\*_~]", " ", text).split()).casefold()


def _sheets(path: Path) -> Iterator[list[list[str]]]:
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        rows = [row for row in sheet.iter_rows() if any(cell.value is not None for cell in row)]
        yield [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: Any) -> str:
    """A text, or a whole number that the sheet shows as it is."""
    whole = isinstance(cell.value, int) and cell.number_format == "General"
    return str(cell.value) if whole or isinstance(cell.value, str) else ""


def _docx(path: Path) -> Iterator[list[list[str]]]:
    for table in docx.Document(str(path)).tables:
        yield [[cell.text for cell in row.cells] for row in table.rows]


def _pptx(path: Path) -> Iterator[list[list[str]]]:
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if getattr(shape, "has_table", False):
                yield [[cell.text for cell in row.cells] for row in shape.table.rows]


def _html(path: Path) -> Iterator[list[list[str]]]:
    for table in LexborHTMLParser(path.read_text(encoding="utf-8", errors="replace")).css("table"):
        if table.css_first("table table, [colspan], [rowspan], sup, s, del") is None:
            yield [[cell.text() for cell in row.css("td,th")] for row in table.css("tr")]
