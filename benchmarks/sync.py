"""A folder of 10,000 small files: synced first, unchanged, and after a file was moved, changed or deleted.

    python -m benchmarks.sync [--files 10000]

What is measured is the way around the embedding, not the embedding itself: an embedder that costs nothing
stands in for the model (`python -m benchmarks.ingest` measures that), and counts what it is given. The files
are synthetic, of about 50 words each, 100 to a folder. Seconds are wall-clock times, in one process with the
library open, until all can be asked about by its words; `with_vectors`, until the vectors are there, too;
`cpu` are the process's own up to then. `scan` is the share of an unchanged sync that looks at the folder.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.common import write
from index import Library, sync_folder
from index.intake.folder import scan
from index.testing.hashed_embedder import HashedEmbedder

WORDS = 50
FILES_A_FOLDER = 100
DIMENSION = 384
ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000, help="how many files (default 10000)")
    number = parser.parse_args().files
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "folder")
        make(folder, number)
        embedder = HashedEmbedder(DIMENSION)
        library = Library.open(Path(place, "library"), embedder)

        def sync() -> dict[str, float | int]:
            return timed(library, embedder, folder)

        figures: dict[str, object] = {"files": number, "first": sync()}
        rounds = [sync() for _ in range(ROUNDS)]
        figures["unchanged"] = sorted(rounds, key=lambda one: one["seconds"])[ROUNDS // 2]
        figures["scan"] = {"seconds": scanned(folder)}
        (folder / "0" / "0.txt").rename(folder / "0" / "moved.txt")
        figures["one_file_moved"] = sync()
        (folder / "0").rename(folder / "renamed")
        figures["a_folder_of_100_moved"] = sync()
        (folder / "1" / "100.txt").write_text("Changed.", encoding="utf-8")
        figures["one_file_changed"] = sync()
        (folder / "1" / "101.txt").unlink()
        figures["one_file_deleted"] = sync()
        library.close()
    write("sync", figures)


def make(folder: Path, number: int) -> None:
    """Writes the files; each text is another."""
    chance = random.Random(1)
    words = [f"word{rank}" for rank in range(20_000)]
    for one in range(number):
        path = folder / str(one // FILES_A_FOLDER) / f"{one}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Note {one}. {' '.join(chance.choices(words, k=WORDS))}.", encoding="utf-8")


def timed(library: Library, embedder: HashedEmbedder, folder: Path) -> dict[str, float | int]:
    """What one sync took, did and gave the embedder."""
    given, change = len(embedder.texts), library.store.last_change()
    began, cpu = time.perf_counter(), time.process_time()
    counts = Counter[str](one.status for one in sync_folder(library, folder))
    seconds = time.perf_counter() - began
    library.wait_until_embedded()
    return {
        "seconds": round(seconds, 3),
        "with_vectors": round(time.perf_counter() - began, 3),
        "cpu": round(time.process_time() - cpu, 3),
        **counts,
        "texts_embedded": len(embedder.texts) - given,
        "changes_written": library.store.last_change() - change,
    }


def scanned(folder: Path) -> float:
    """The median seconds of looking at every file."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        scan(str(folder), Path("/nowhere"))
        times.append(time.perf_counter() - began)
    return round(sorted(times)[ROUNDS // 2], 3)


if __name__ == "__main__":
    main()
