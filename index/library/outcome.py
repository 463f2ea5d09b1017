"""What became of one document or file on its way into a library."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["added", "replaced", "moved", "unchanged", "removed", "kept", "waiting", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document, or of a file by its path in the folder.

    `moved`: the file has another path now, its document another name, and the same passages. `removed`: the
    file is gone, from its folder or its archive. `kept`: it is gone, but its document was added by hand, and
    stays. `waiting`: it is being written. `failed`: it can't be read, for `reason`; a document that was made
    of it before stays. `unread` names what of the document could not be read, such as scanned pages.
    """

    name: str
    status: Status
    document_id: str | None = None
    passages: int = 0
    reason: str = ""
    unread: tuple[str, ...] = ()
