"""From dropping a PDF of 500 pages on the running app to the first answer that is right.

    python -m benchmarks.first_answer [--data ../shared/data]

The pages are those of the real filings, protocols and reports in documents/, taken again until there are
enough, and one in their midst with a sentence that stands nowhere else. Each round starts `app.py` on a new
library, waits until it has answered a question, uploads the file through `/add` and asks through `/ask`, as
the page does; right is an answer that cites that sentence on its page.

- seconds: by the clock, from the upload to the answer, and of these until `/add` has ended.
- load_average: of the machine, in the minute before. Near 0 on a quiet one.
- processor_seconds: what the server and the processes under it used in the same time. Since vectors are
  made in the background once the file is in, those to the answer hold some of that work too.
"""

import ctypes
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from gradio_client import Client, handle_file

from benchmarks.common import arguments, write
from benchmarks.latency import QUESTION, app, summary

ROUNDS = 5
PAGES = 500
FOLDERS = ("nih", "ntsb", "sec-10-q")
FACT_PAGE = 301
FACT = "The herbarium of Veldhoven keeps the orchid Lysandra under the number 48213."
ASKED = "Under which number does the herbarium of Veldhoven keep the orchid Lysandra?"
NUMBER = "48213"


@dataclass(frozen=True)
class Round:
    """Seconds by the clock and of the processor, until the file was in and until it had answered."""

    passages: int
    added: float
    answered: float
    added_processor: float
    answered_processor: float


def main() -> None:
    parsed = arguments(__doc__ or "").parse_args()
    load_average = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "filings.pdf")
        make(parsed.data / "documents", file)
        rounds = [one_round(Path(folder, str(number)), file) for number in range(ROUNDS)]
        size = file.stat().st_size
    write(
        "first_answer",
        {
            "door": "app.py, /add and then /ask over gradio_client",
            "pages": PAGES,
            "bytes": size,
            "passages": rounds[0].passages,
            "load_average": round(load_average, 1),
            "seconds": {
                "added": summary([one.added for one in rounds]),
                "answered": summary([one.answered for one in rounds]),
            },
            "processor_seconds": {
                "added": summary([one.added_processor for one in rounds]),
                "answered": summary([one.answered_processor for one in rounds]),
            },
        },
    )


def one_round(library: Path, file: Path) -> Round:
    with app(library) as (process, client):
        assert client.predict(QUESTION, api_name="/ask")["answered"]
        began, processor = time.perf_counter(), processor_seconds(process)
        (added,) = client.predict([handle_file(file)], api_name="/add")
        assert added["status"] == "added", added
        came, came_processor = time.perf_counter(), processor_seconds(process)
        check(client, file.name)
        answered, answered_processor = time.perf_counter(), processor_seconds(process)
        return Round(
            added["passages"],
            came - began,
            answered - began,
            came_processor - processor,
            answered_processor - processor,
        )


def check(client: Client, name: str) -> None:
    """Asks, and ends the run unless the answer is right."""
    answer = client.predict(ASKED, api_name="/ask")
    cited = [(one["name"], one["page"], NUMBER in one["quote"]) for one in answer["citations"]]
    assert answer["answered"] and cited[0] == (name, FACT_PAGE, True), answer


def make(documents: Path, file: Path) -> None:
    """Writes the PDF."""
    sources = [
        pdfium.PdfDocument(path) for name in FOLDERS for path in sorted((documents / name).glob("*.pdf"))
    ]
    assert sources, f"There are no PDFs in {documents}. Say with --data where the data sets are."
    made = pdfium.PdfDocument.new()
    while len(made) < PAGES - 1:
        for source in sources:
            made.import_pages(source, list(range(min(len(source), PAGES - 1 - len(made)))))
    page = made.new_page(612, 792, FACT_PAGE - 1)
    text = raw.FPDFPageObj_NewTextObj(made, b"Helvetica", 11)
    letters = (ctypes.c_ushort * (len(FACT) + 1))(*map(ord, FACT))  # a zero ends them
    raw.FPDFText_SetText(text, letters)
    raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 72, 700)
    raw.FPDFPage_InsertObject(page, text)
    raw.FPDFPage_GenerateContent(page)
    made.save(file)


def processor_seconds(process: int) -> float:
    """What the process and all under it, also those that have ended, have used so far."""
    return sum(ticks(number) for number in family(process)) / os.sysconf("SC_CLK_TCK")


def family(process: int) -> Iterator[int]:
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from family(int(child))


def ticks(process: int) -> int:
    """Of the process itself and of its children that have ended, in user and system mode."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


if __name__ == "__main__":
    main()
