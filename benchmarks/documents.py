"""Search in whole papers: 97 of them, judged by document.

python -m benchmarks.documents [--data ../shared/data]
"""

import tempfile
from pathlib import Path

from benchmarks.common import arguments, write
from benchmarks.retrieval import filled, judged, ranking, recalls


def main() -> None:
    data = arguments(__doc__ or "").parse_args().data
    task = judged(data, "covidqa_docs")
    with tempfile.TemporaryDirectory() as folder:
        library = filled(Path(folder), task)
        documents, passages = library.counts()
        rankings = [ranking(library, question) for question in task.questions]
        library.close()
    write(
        "documents",
        {
            "documents": documents,
            "passages": passages,
            "questions": len(task.questions),
            **recalls(rankings, task.right),
        },
    )


if __name__ == "__main__":
    main()
