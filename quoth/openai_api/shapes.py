"""An Answer in the shapes that clients of OpenAI's API read."""

import uuid
from collections.abc import Iterator
from typing import Any

from index import Hit
from qa import Answer, Citation

MODEL = "quoth"
# Nothing is counted in tokens here, but clients expect the fields.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_RESPONSE_USAGE = {
    "input_tokens": 0,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 0,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 0,
}
_REFUSAL = "No sure answer."
_UNSURE = "Unsure: check this"
# From this confidence on an answer is shown as it is.
_LIKELY = 0.75


def new_id(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex}"


def text_of(answer: Answer, link: str) -> str:
    """The answer with its quotes as Markdown: many clients show nothing but the text.

    `link` is the address of a document's text, with `{id}` in it.
    """
    if not answer.answered:
        lines = [_REFUSAL, *(["", "The nearest sentences:"] if answer.closest else [])]
        return "\n".join([*lines, *(_cited(citation, link) for citation in answer.closest)])
    items = [" ".join([item.text, *(f"[{number}]" for number in item.citations)]) for item in answer.items]
    if len(items) < answer.found:
        items.append(f"{len(items):,} of {answer.found:,}")
    sure = [] if answer.confidence >= _LIKELY else ["", f"{_UNSURE} ({answer.confidence:.2f})"]
    return "\n".join([*items, "", *(_cited(citation, link) for citation in answer.citations), *sure])


def _cited(citation: Citation, link: str) -> str:
    page = f", {citation.place}" if citation.place else ""
    sentence = " ".join(citation.sentence.split())
    name = citation.name.replace("[", "(").replace("]", ")")
    address = link.replace("{id}", citation.document_id)
    return f"[{citation.number}] “{sentence}” ([{name}{page}]({address}))"


def cited_by(answer: Answer) -> tuple[Citation, ...]:
    """What stands below the text: the citations, or the closest passages of a refusal."""
    return answer.citations if answer.answered else answer.closest


def file_citations(answer: Answer, text: str) -> list[dict[str, Any]]:
    """An annotation for each citation, at the place in the text where it is quoted."""
    annotations = []
    for citation in cited_by(answer):
        # The last one: the number stands behind its item too, further up.
        place = text.rfind(f"[{citation.number}] “")
        annotations.append(
            {
                "type": "file_citation",
                "index": place,
                "file_id": citation.document_id,
                "filename": citation.name,
            }
        )
    return annotations


def completion(answer: Answer, text: str, created: int) -> dict[str, Any]:
    """The whole answer as a chat completion; the Answer itself stands beside it."""
    message = {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "annotations": file_citations(answer, text),
    }
    return {
        "id": new_id("chatcmpl"),
        "object": "chat.completion",
        "created": created,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _USAGE,
        "answer": answer.to_json(),
    }


def chunks(answer: Answer, text: str, created: int) -> Iterator[dict[str, Any]]:
    """The whole answer as the chunks of a stream; what was sent can't be taken back, so none is early."""
    whole = completion(answer, text, created)
    message = whole["choices"][0]["message"]
    shared = {
        "id": whole["id"],
        "object": "chat.completion.chunk",
        "created": created,
        "model": MODEL,
    }
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": line} for line in text.splitlines(keepends=True)]
    for delta in deltas:
        yield shared | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    last = {"index": 0, "delta": {"annotations": message["annotations"]}, "finish_reason": "stop"}
    yield shared | {"choices": [last], "answer": whole["answer"]}


def response(answer: Answer, text: str, created: int) -> dict[str, Any]:
    """The answer as an object of the Responses API."""
    content = {"type": "output_text", "text": text, "annotations": file_citations(answer, text)}
    message = {
        "type": "message",
        "id": new_id("msg"),
        "status": "completed",
        "role": "assistant",
        "content": [content],
    }
    return {
        "id": new_id("resp"),
        "object": "response",
        "created_at": created,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": MODEL,
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "temperature": None,
        "top_p": None,
        "metadata": {},
        "usage": _RESPONSE_USAGE,
        "answer": answer.to_json(),
    }


def search_page(question: str, hits: list[Hit]) -> dict[str, Any]:
    """Passages as a page of a vector store's search results."""
    data = [
        {
            "file_id": hit.passage.document.id,
            "filename": hit.passage.document.name,
            "score": round(hit.score, 4),
            "attributes": {"start": hit.passage.start, "end": hit.passage.end}
            | ({"page": hit.passage.page} if hit.passage.page else {}),
            "content": [{"type": "text", "text": hit.passage.text}],
        }
        for hit in hits
    ]
    return {
        "object": "vector_store.search_results.page",
        "search_query": [question],
        "data": data,
        "has_more": False,
        "next_page": None,
    }


def models() -> dict[str, Any]:
    model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "quoth"}
    return {"object": "list", "data": [model]}
