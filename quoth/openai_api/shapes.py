"""An Answer in the shapes that clients of OpenAI's API read."""

import uuid
from typing import Any

from index import Hit
from qa import Answer
from quoth.openai_api.text import cited_by

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


def new_id(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex}"


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


def response(answer: Answer, text: str, created: int) -> dict[str, Any]:
    """The whole answer as an object of the Responses API."""
    whole = response_object([message_of(answer, text)], created)
    return whole | {"status": "completed", "answer": answer.to_json()}


def message_of(answer: Answer, text: str) -> dict[str, Any]:
    """The whole answer as a message of the Responses API."""
    content = {"type": "output_text", "text": text, "annotations": file_citations(answer, text)}
    return {
        "type": "message",
        "id": new_id("msg"),
        "status": "completed",
        "role": "assistant",
        "content": [content],
    }


def response_object(output: list[dict[str, Any]], created: int) -> dict[str, Any]:
    """A response that has begun."""
    return {
        "id": new_id("resp"),
        "object": "response",
        "created_at": created,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": MODEL,
        "output": output,
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "temperature": None,
        "top_p": None,
        "metadata": {},
        "usage": _RESPONSE_USAGE,
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
