"""Do questions find their rows in the tables of four quarterly reports?

python -m benchmarks.tables [--data ../shared/data]

The questions were written from the reports by eye. A row is found when a passage among the first holds a line
with the row's label and the asked-for figure; an answer is right when the figure stands in it.
"""

import tempfile
from pathlib import Path

from benchmarks.common import arguments, write
from index import Hit
from qa import Service

# The question, the report, the row's label, the figure.
QUESTIONS = (
    (
        "What were Apple's total net sales in the quarter ended June 25, 2022?",
        *("2022-Q3-AAPL", "total net sales", "82,959"),
    ),
    (
        "What was Apple's gross margin for the nine months ended June 25, 2022?",
        *("2022-Q3-AAPL", "gross margin", "132,687"),
    ),
    (
        "What were Apple's diluted earnings per share in the quarter ended June 25, 2022?",
        *("2022-Q3-AAPL", "diluted", "1.20"),
    ),
    ("How much inventory did Apple have on June 25, 2022?", "2022-Q3-AAPL", "inventories", "5,433"),
    (
        "What was NVIDIA's revenue in the three months ended October 30, 2022?",
        *("2022-Q3-NVDA", "revenue", "5,931"),
    ),
    (
        "What did NVIDIA spend on research and development in the three months ended October 30, 2022?",
        *("2022-Q3-NVDA", "research and development", "1,945"),
    ),
    (
        "What was the revenue of NVIDIA's automotive market in the third quarter of fiscal year 2023?",
        *("2022-Q3-NVDA", "automotive", "251"),
    ),
    (
        "What were Amazon's total net sales in the three months ended June 30, 2023?",
        *("2023-Q2-AMZN", "net sales", "134,383"),
    ),
    (
        "What was Amazon's operating income for the six months ended June 30, 2023?",
        *("2023-Q2-AMZN", "operating income", "12,455"),
    ),
    (
        "What was Amazon's free cash flow for the twelve months ended June 30, 2023?",
        *("2023-Q2-AMZN", "free cash flow", "7,878"),
    ),
    (
        "What was Apple's net income in the three months ended December 31, 2022?",
        *("2023-Q1-AAPL", "net income", "29,998"),
    ),
    (
        "What were Apple's net sales of iPhone in the quarter ended December 31, 2022?",
        *("2023-Q1-AAPL", "iphone", "65,775"),
    ),
)


def main() -> None:
    data = arguments(__doc__ or "").parse_args().data
    asked = []
    with tempfile.TemporaryDirectory() as folder, Service.open(folder) as service:
        service.add([data / "documents" / "sec-10-q"])
        service.wait_until_embedded()
        for question, report, label, figure in QUESTIONS:
            hits = service.search(question, 10)
            ranks = [rank for rank, hit in enumerate(hits, 1) if _holds(hit, report, label, figure)]
            answer = service.ask(question)
            asked.append(
                {
                    "question": question,
                    "rank of the row": ranks[0] if ranks else None,
                    "answer": answer.text[:100],
                    "figure in the answer": figure in answer.text,
                }
            )
        documents, passages = service.library.counts()
    places = [int(str(one["rank of the row"] or 99)) for one in asked]
    write(
        "tables",
        {
            "documents": documents,
            "passages": passages,
            "questions": len(asked),
            **{f"row among the first {most}": sum(place <= most for place in places) for most in (1, 3, 10)},
            "figure in the answer": sum(bool(one["figure in the answer"]) for one in asked),
            "asked": asked,
        },
    )


def _holds(hit: Hit, report: str, label: str, figure: str) -> bool:
    lines = hit.passage.text.casefold().split("\n")
    return Path(hit.passage.document.name).stem == report and any(
        label in line and figure in line for line in lines
    )


if __name__ == "__main__":
    main()
