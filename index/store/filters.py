"""A filter as a condition in SQL."""

import json

from index.store.records import Filter


def condition(filter: Filter) -> tuple[str, tuple[str, ...]]:
    """The condition on the table of documents and the values to bind to it."""
    conditions: list[str] = []
    values: list[str] = []
    # One value however many are wanted: SQLite binds only so many.
    if filter.collections:
        conditions.append("documents.collection IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filter.collections))
    if filter.documents:
        # Also by the ids that they had before their pictures were read.
        conditions.append(
            "(documents.id IN (SELECT value FROM json_each(?)) OR documents.number IN"
            " (SELECT document FROM former_ids WHERE id IN (SELECT value FROM json_each(?))))"
        )
        values += [json.dumps(filter.documents)] * 2
    if filter.hidden:
        conditions.append("documents.collection NOT IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filter.hidden))
    for pair in filter.metadata.items():
        conditions.append("documents.number IN (SELECT document FROM labels WHERE key = ? AND value = ?)")
        values += pair
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), tuple(values)
