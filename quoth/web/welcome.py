"""What stands where the conversation will be, before its first question."""

from collections.abc import Sequence
from html import escape


def welcome(examples: Sequence[str], documents: int) -> str:
    """What to do first: some questions to try, or how to add a document."""
    buttons = "".join(
        f'<li><button type="button" data-example="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    offered = f'<p class="try">Try one of these:</p><ul class="examples">{buttons}</ul>' if buttons else ""
    what = (
        "Every answer is quoted word for word and shown where it stands. Nothing leaves this machine."
        if documents
        else "Add a document to begin: use the button, or drop files anywhere on this page."
    )
    return f'<div class="welcome"><h3>Ask your documents.</h3><p>{what}</p>{offered}</div>'
