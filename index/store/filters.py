"""A filter as a condition in SQL."""

import json

from index.store.records import Filter


def condition(filter: Filter) -> tuple[str, tuple[str, ...]]:
    """The condition on the table of documents and the values to bind to it."""
    conditions: list[str] = []
    values: list[str] = []
    for column, wanted in (("collection", filter.collections), ("id", filter.documents)):
        if wanted:
            # One value however many are wanted: SQLite binds only so many.
            conditions.append(f"documents.{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(wanted))
    if filter.hidden:
        conditions.append("documents.collection NOT IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filter.hidden))
    for pair in filter.metadata.items():
        conditions.append("documents.number IN (SELECT document FROM labels WHERE key = ? AND value = ?)")
        values += pair
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), tuple(values)
