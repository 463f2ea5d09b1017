"""What people said of answers: a table beside the documents, which goes along with an export."""

import json
from datetime import UTC, datetime
from typing import Any

from index.errors import LibraryError
from index.store.store import Store

MOST = 100_000
LARGEST = 1_000_000  # characters of one, as JSON


class Judgements:
    """The judgements of one library, each under an id of its own, as JSON objects."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, id: str, judgement: dict[str, Any]) -> None:
        """Keeps it durably, in place of an earlier one of that id; LibraryError when there is no room."""
        content = json.dumps(judgement, ensure_ascii=False)
        if len(content) > LARGEST:
            raise LibraryError(f"The judgement has {len(content):,} characters; the limit is {LARGEST:,}.")
        with self._store.transaction() as connection:
            if self.count() >= MOST and not self._store.rows("SELECT 1 FROM judgements WHERE id = ?", id):
                raise LibraryError(f"There are {MOST:,} judgements already, which is the limit.")
            connection.execute(
                "REPLACE INTO judgements VALUES (?, ?, ?)",
                (id, datetime.now(UTC).isoformat(timespec="milliseconds"), content),
            )

    def drop(self, id: str) -> None:
        """Takes back the judgement of that id, if there is one."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM judgements WHERE id = ?", (id,))

    def all(self) -> list[dict[str, Any]]:
        """The judgements, oldest first."""
        rows = self._store.rows("SELECT content FROM judgements ORDER BY made, id")
        return [json.loads(content) for (content,) in rows]

    def count(self) -> int:
        return int(self._store.rows("SELECT count(*) FROM judgements")[0][0])
