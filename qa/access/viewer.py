"""Who asks, and what they may see and do."""

from dataclasses import dataclass

from index import QuothError
from qa.access.accounts import Role


class NotAllowed(QuothError):
    """What was asked for is not for this user."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A user, or with an empty name everyone: `hidden` are the collections that they may not see."""

    name: str = ""
    role: Role = "editor"
    hidden: tuple[str, ...] = ()

    @property
    def reads(self) -> bool:
        return self.role != "monitor"

    @property
    def edits(self) -> bool:
        return self.role == "editor"

    @property
    def monitors(self) -> bool:
        """Whether the server's figures may be seen, which are those of all documents."""
        return self.role == "monitor" or not self.name


EVERYONE = Viewer()
