"""What stands where the conversation will be, before its first question."""


def welcome(documents: int) -> str:
    """What to do first: ask, or add a document."""
    what = (
        "Every answer is quoted word for word and shown where it stands. Nothing leaves this machine."
        if documents
        else "Add a document to begin: use the button, or drop files anywhere on this page."
    )
    return f'<div class="welcome"><h3>Ask your documents.</h3><p>{what}</p></div>'
