"""Archives that are added again: the documents of files that they no longer hold leave the library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.documents.document import normalise
from index.intake.folder import below
from index.library.library import Added, Library
from index.store.store import DocumentInfo, Filter, Renaming
from index.store.synced_files import SyncedFiles


@dataclass(slots=True)
class AddedArchive:
    """An archive on its way in: where it comes from, the names that it may go by, what was found in it."""

    source: str
    names: tuple[str, ...]
    whole: bool = True
    _inside: set[str] = field(default_factory=set)
    _failed: set[str] = field(default_factory=set)

    def note(self, inner: str, failed: bool) -> None:
        """Takes in that the archive holds `/inner/path`; an error of its own, without one, hides the rest."""
        if not inner:
            self.whole = False
        else:
            self._inside.add(normalise(inner))
            if failed:
                self._failed.add(normalise(f"{inner}/"))

    def lacks(self, info: DocumentInfo) -> bool:
        """Whether the document is of a file that was in the archive and is in it no more."""
        inner = next((info.name[len(one) :] for one in self.names if info.name.startswith(f"{one}/")), "")
        hidden = any(inner.startswith(failed) for failed in self._failed)
        return bool(inner) and inner not in self._inside and not hidden


def settle_archives(
    library: Library, collection: str, archives: Sequence[AddedArchive], twins: Sequence[Added]
) -> Iterator[Added]:
    """Removes what the archives no longer hold, and tells of it and of `twins`.

    Those are files whose text another document has: if that one leaves, it takes the name of its twin.
    Documents that a sync made, or that came another way, stay.
    """
    for archive in archives:
        if not archive.whole:
            continue
        for info in [info for info in _by_hand(library, collection, archive.source) if archive.lacks(info)]:
            heir = next((one for one in twins if one.document_id == info.id), None)
            if heir:
                twins = _inherited(library, info, heir, twins)
            else:
                library.remove(info.id)
                yield Added(info.name, "removed", info.id)
    yield from twins


def _by_hand(library: Library, collection: str, source: str) -> list[DocumentInfo]:
    files = SyncedFiles(library.store, collection)
    return [
        info
        for info in library.documents(Filter((collection,), metadata={"source": source}))
        if files.carrier(info.id) is None and all(below(one.path, source) for one in files.holders(info.id))
    ]


def _inherited(library: Library, info: DocumentInfo, heir: Added, twins: Sequence[Added]) -> list[Added]:
    """Gives the document the name of its heir, and tells the twins with it as they stand then."""
    with library.changing() as store:
        (new_id,) = store.rename([Renaming(info.id, heir.name, info.metadata)])
    reasons = {heir.name: f"was {info.name}"}
    return [
        replace(one, document_id=new_id, reason=reasons.get(one.name, f"the same text as {heir.name}"))
        if one.document_id == info.id
        else one
        for one in twins
    ]
