"""The reading order of PDFs, compared with the order that tagged PDFs carry.

python -m benchmarks.reading_order [--data ../shared/data] [--more FOLDER] [--before CHECKOUT]

Two figures a document: the share of words that stand next to each other in one tagged paragraph or cell
and do so in the text, too, so that nothing interrupts it; and the share of the words that stand once in
both which are in the tags' order. Tags may be wrong, and headers that are said again part no words.
CHECKOUT is another state of this project, which reads the same files in the same run.
"""

import ctypes
import json
import re
import subprocess
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from benchmarks.common import arguments, write

FEWEST = 10  # words that stand once in a document with an order worth measuring
MAX_PAGES = 60
TAGGED = 0.5  # of a document's words that its tags must hold

LAM_ALEF = re.compile("[\u0622\u0623\u0625\u0627\u0644]{2,}")

READ = """
import json, sys
from pathlib import Path
from index import DocumentError
from index.loaders import load
for path in json.load(sys.stdin):
    try:
        text = load(Path(path)).text
    except DocumentError:
        text = ""
    print(json.dumps([path, text]), flush=True)
"""


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--more", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    given = parser.parse_args()
    folders = [given.data / "documents", given.data / "real" / "documents", *given.more]
    truths = {str(path): truth for path, truth in _truths(folders)}
    states = {"now": Path.cwd()} | ({"before": given.before} if given.before else {})
    texts = {name: _texts(checkout, list(truths)) for name, checkout in states.items()}
    scores = {
        name: {path: _scores(truths[path].blocks, _words(text)) for path, text in read.items()}
        for name, read in texts.items()
    }
    write(
        "reading_order",
        {
            "files": len(truths),
            "producers": len({truth.producer for truth in truths.values()}),
            **{name: _summary(list(one.values())) for name, one in scores.items()},
            "by file, [words that stay beside each other, words in order]": {
                Path(path).name: {name: one[path] for name, one in scores.items()} for path in truths
            },
        },
    )


class Truth:
    """The words of a tagged PDF: those of each paragraph or cell, in the tags' order."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self.producer = document.get_metadata_dict().get("Producer", "")
        self.blocks: list[list[str]] = []
        self.untagged = 0
        for number in range(min(len(document), MAX_PAGES)):
            self._read(document[number])

    def _read(self, page: pdfium.PdfPage) -> None:
        texts = _texts_by_mark(page)
        tree = raw.FPDF_StructTree_GetForPage(page)
        if not tree:
            self.untagged += len(_words(" ".join(texts.values())))
            return
        try:
            for at in range(raw.FPDF_StructTree_CountChildren(tree)):
                for marks in _leaves(raw.FPDF_StructTree_GetChildAtIndex(tree, at)):
                    words = _words("".join(texts.pop(mark, "") for mark in marks))
                    self.blocks += [words] if words else []
        finally:
            raw.FPDF_StructTree_Close(tree)
        texts.pop(-1, None)  # page numbers and running headers have no tag
        self.untagged += len(_words(" ".join(texts.values())))


def _truths(folders: Sequence[Path]) -> Iterator[tuple[Path, Truth]]:
    seen: set[str] = set()
    for path in sorted(path for folder in folders for path in folder.rglob("*.pdf")):
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:
            continue
        if raw.FPDFCatalog_IsTagged(document):
            truth = Truth(document)
            words = [word for block in truth.blocks for word in block]
            count, key = len(words), " ".join(words)
            single = sum(one == 1 for one in Counter(words).values())
            if single >= FEWEST and truth.untagged < (1 - TAGGED) * count and key not in seen:
                seen.add(key)
                yield path, truth
        document.close()


def _texts_by_mark(page: pdfium.PdfPage) -> dict[int, str]:
    """The text of a page by the numbers of its marked content; -1 for what has none."""
    texts: dict[int, str] = {}
    textpage = page.get_textpage()
    mark = -1
    for index in range(textpage.count_chars()):
        drawn = raw.FPDFText_GetTextObject(textpage, index)
        if drawn and not raw.FPDFText_IsGenerated(textpage, index):
            mark = raw.FPDFPageObj_GetMarkedContentID(drawn)
        sign = raw.FPDFText_GetUnicode(textpage, index)
        texts[mark] = texts.get(mark, "") + ("-" if sign == 2 else chr(sign) if 0 < sign < 0x110000 else " ")
    return texts


def _leaves(element: Any, depth: int = 0) -> Iterator[list[int]]:
    """The marks of each element that holds text itself, with those of the spans inside it."""
    if not element or depth > 100:
        return
    marks: list[int] = []
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, at)
        inner = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if mark >= 0:
            marks.append(mark)
        elif inner and _kind(inner) in ("Span", "Link", "Em", "Strong"):
            marks += [mark for one in _leaves(inner, depth + 1) for mark in one]
        elif inner:
            if marks:
                yield marks
                marks = []
            yield from _leaves(inner, depth + 1)
    if marks:
        yield marks


def _kind(element: Any) -> str:
    buffer = ctypes.create_string_buffer(128)
    size = raw.FPDF_StructElement_GetType(element, buffer, len(buffer))
    return buffer.raw[: max(min(size, len(buffer)) - 2, 0)].decode("utf-16-le", errors="ignore")


def _texts(checkout: Path, paths: Sequence[str]) -> dict[str, str]:
    """What the loaders of that checkout make of the files."""
    whole = [str(Path(path).resolve()) for path in paths]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ],
        input=json.dumps(whole),
        capture_output=True,
        text=True,
        check=True,
        cwd=checkout,
    )
    read = [json.loads(line)[1] for line in done.stdout.splitlines()]
    return dict(zip(paths, read, strict=True))


def _words(text: str) -> list[str]:
    # pdfium, whose text the tags are about, turns lam and alef round where one sign stands for both.
    text = LAM_ALEF.sub(lambda found: "".join(sorted(found[0])), text)
    return re.findall(r"[^\W_]+", text.casefold())


def _scores(blocks: Sequence[Sequence[str]], words: Sequence[str]) -> list[float]:
    pairs = Counter(pair for block in blocks for pair in pairwise(block))
    kept = pairs & Counter(pairwise(words))
    counts, whole = Counter(words), [word for block in blocks for word in block]
    wanted = Counter(whole)
    place = {word: at for at, word in enumerate(words) if counts[word] == 1}
    places = [place[word] for word in whole if wanted[word] == 1 and word in place]
    return [
        round(kept.total() / max(pairs.total(), 1), 4),
        round(_longest_rising(places) / max(len(places), 1), 4),
    ]


def _longest_rising(places: Sequence[int]) -> int:
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _summary(scores: Sequence[Sequence[float]]) -> Mapping[str, float]:
    beside, in_order = zip(*scores, strict=True)
    return {
        "words that stay beside each other, mean of files": round(sum(beside) / len(beside), 4),
        "words in order, mean of files": round(sum(in_order) / len(in_order), 4),
        "files with less than 0.9 of the words in order": sum(one < 0.9 for one in in_order),
    }


if __name__ == "__main__":
    main()
