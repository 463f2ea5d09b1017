"""The work in the background while questions are asked: making vectors, and watching folders."""

from dataclasses import dataclass

from index import WatchStatus


@dataclass(frozen=True, slots=True)
class EmbedderChange:
    """The embedder that a library is being changed to, how much is done, 0 to 1, and what ended it."""

    embedder: str
    share: float
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """Its state; equal to an earlier one as long as nothing has changed, in the library either.

    `change`: the number of the library's last change. `waiting`: how many passages have no vector yet, and
    are found by their words alone. `failure`: why none is made, if that is so. `embedder_change`: None when
    the library keeps its embedder. `pictures`: how many are still to be read. `pictures_failure`: why none is
    read, if that is so.
    """

    change: int
    waiting: int
    failure: str
    watched: tuple[WatchStatus, ...]
    embedder_change: EmbedderChange | None = None
    pictures: int = 0
    pictures_failure: str = ""

    @property
    def busy(self) -> bool:
        """Whether it is about to change."""
        return (
            (self.pictures > 0 and not self.pictures_failure)
            or (self.waiting > 0 and not self.failure)
            or (self.embedder_change is not None and not self.embedder_change.failure)
            or any(status.state in ("starting", "syncing") for status in self.watched)
        )

    @property
    def idle(self) -> bool:
        """Whether it changes only when a user does something."""
        return not self.waiting and not self.pictures and not self.watched and not self.embedder_change
