"""How fast text comes out of PDFs, before anything is embedded: pages a second, one process, one thread.

python -m benchmarks.pdf [--data ../shared/data]

The processor's time is given beside the clock's, since other work may run on the same cores.
"""

import time
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, write
from index import DocumentError, Limits
from index.loaders import extract, load


def main() -> None:
    data = arguments(__doc__ or "").parse_args().data
    paths = sorted((data / "documents").glob("*/*.pdf"))
    load(paths[-1])  # imports what it takes
    groups = {folder: [path for path in paths if path.parent.name == folder] for folder in _folders(paths)}
    figures: dict[str, Any] = {folder: _measured(group) for folder, group in groups.items()}
    pages, wall, processor = (
        sum(one[key] for one in figures.values()) for key in ("pages", "wall", "processor")
    )
    began = time.perf_counter()
    for path in paths:
        list(extract(path, limits=Limits()))
    isolated = time.perf_counter() - began
    write(
        "pdf",
        {
            "files": len(paths),
            "pages": pages,
            "pages a second of the processor": round(pages / processor, 1),
            "pages a second by the clock": round(pages / wall, 1),
            "the same in the process with limits, its start included": round(pages / isolated, 1),
            "by folder, pages a second of the processor": {
                folder: round(one["pages"] / one["processor"], 1) for folder, one in figures.items()
            },
        },
    )


def _folders(paths: list[Path]) -> list[str]:
    return sorted({path.parent.name for path in paths})


def _measured(paths: list[Path]) -> dict[str, float]:
    wall, processor = time.perf_counter(), time.process_time()
    pages = 0
    for path in paths:
        try:
            pages += len(load(path).pages)
        except DocumentError:
            continue  # behind a password, or scanned
    return {
        "pages": pages,
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
    }


if __name__ == "__main__":
    main()
