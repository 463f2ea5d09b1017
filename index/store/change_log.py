"""The order of changes in a library, which the indexes follow."""

from collections.abc import Mapping

from index.store.database import Database
from index.store.records import Change, ChangesForgotten


class ChangeLog(Database):
    """A library's file with its changes; every method may be called from any thread."""

    def last_change(self) -> int:
        """The number of the newest change; 0 in a new library."""
        return int(self._rows("SELECT coalesce(max(id), 0) FROM changes", ())[0][0])

    def changes_since(self, change: int) -> list[Change]:
        """All changes after that one, oldest first; ChangesForgotten when not all of them are kept."""
        with self.reading():
            rows = self._rows(
                "SELECT id, kind, document_id, first_passage, end_passage FROM changes WHERE id > ?"
                " ORDER BY id",
                (change,),
            )
            if change < self._first_change() - 1:
                raise ChangesForgotten
        return [Change(*row) for row in rows]

    def changes_kept(self) -> int:
        """How many changes are kept."""
        return self.last_change() - self._first_change() + 1

    def forget_changes(self, up_to: int, keep: int) -> None:
        """Deletes the changes up to that one, which every index has, but never the newest `keep`."""
        last = self.last_change()
        with self.transaction() as connection:
            # The change that an index ends with stays, since its stamp says which history the index is of.
            connection.execute("DELETE FROM changes WHERE id < ?", (min(up_to, last - keep),))

    def begin_new_history(self) -> None:
        """Gives every change a new stamp, so that no index made from this history is taken for one of it."""
        with self.transaction() as connection:
            connection.execute("UPDATE changes SET stamp = random()")

    def _first_change(self) -> int:
        """The number of the oldest change that is kept; 1 in a new library."""
        return int(self._rows("SELECT coalesce(min(id), 1) FROM changes", ())[0][0])

    def as_added(self) -> list[Change]:
        """All that is in the library, as if added by the newest change: for an index that is rebuilt."""
        with self.reading():
            runs = self._rows(
                "SELECT id, first_passage, end_passage FROM documents ORDER BY first_passage", ()
            )
            newest = self.last_change()
        return [Change(newest, "added", *run) for run in runs]

    def position(self, change: int) -> dict[str, int | str]:
        """What a derived file keeps of the change that it was made up to, for `follows`."""
        rows = self._rows("SELECT stamp FROM changes WHERE id = ?", (change,))
        return {"applied": change, "stamp": rows[0][0] if rows else 0}

    def follows(self, facts: Mapping[str, int | str]) -> bool:
        """Whether what keeps these facts was made from this library, and not from another or a later one."""
        applied = facts.get("applied")
        return (
            isinstance(applied, int)
            and self._first_change() - 1 <= applied <= self.last_change()
            and self.position(applied).items() <= facts.items()
        )
