"""What people said of answers: a table beside the documents, which goes along with an export."""

import json
from datetime import UTC, datetime
from typing import Any

from index.errors import LibraryError
from index.store.store import Store

MOST = 100_000  # of one person
LARGEST = 1_000_000  # characters of one, as JSON


class Judgements:
    """The judgements of one person, or with an empty name of everyone, each under an id of its own."""

    def __init__(self, store: Store, owner: str = "", most: int = MOST) -> None:
        self._store = store
        self._owner = owner
        self._most = most

    def put(self, id: str, judgement: dict[str, Any]) -> None:
        """Keeps it durably, in place of an earlier one of that id; LibraryError when there is no room."""
        content = json.dumps(judgement, ensure_ascii=False)
        if len(content) > LARGEST:
            raise LibraryError(f"The judgement has {len(content):,} characters; the limit is {LARGEST:,}.")
        with self._store.transaction() as connection:
            if self.count() >= self._most and not self._has(id):
                raise LibraryError(f"There are {self._most:,} judgements already, which is the limit.")
            connection.execute(
                "REPLACE INTO judgements VALUES (?, ?, ?, ?)",
                (self._owner, id, datetime.now(UTC).isoformat(timespec="milliseconds"), content),
            )

    def drop(self, id: str) -> None:
        """Takes back the judgement of that id, if there is one."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM judgements WHERE owner = ? AND id = ?", (self._owner, id))

    def all(self) -> list[dict[str, Any]]:
        """The judgements, oldest first."""
        rows = self._store.rows(
            "SELECT content FROM judgements WHERE owner = ? ORDER BY made, id", self._owner
        )
        return [json.loads(content) for (content,) in rows]

    def count(self) -> int:
        return int(self._store.rows("SELECT count(*) FROM judgements WHERE owner = ?", self._owner)[0][0])

    def _has(self, id: str) -> bool:
        return bool(self._store.rows("SELECT 1 FROM judgements WHERE owner = ? AND id = ?", self._owner, id))
