"""A store that is killed at random moments, and a ledger of what it acknowledged.

A process adds, replaces and removes documents and syncs a folder without a pause, until it gets SIGKILL. Then
every acknowledged document must be there whole and be found by a word of its own, the one under way whole or
not at all, and removed ones must be found by nothing. Of a sync under way each file must be as it was or as
it is, and the next sync must make the store equal to the folder.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from index.testing.changing_folder import ChangingFolder
from index.testing.library_process import LibraryProcess, Zygote
from index.testing.store_machine import DocumentStore, FoundText

NAMES = 24
LONGEST_SECONDS = 1.0
SENTENCES = (1, 5, 50, 1500)
# Short enough to be read in the process that is killed.
FILE_SENTENCES = (1, 5, 50, 300)
# The share of the changes that are syncs, and the collection that they go to.
SYNCS = 0.15
SYNCED = "synced"
LOOKED_FOR = 5
_FOUND_AMONG = 400
_WORDS = "river north mountain south forest east valley west meadow beyond desert behind".split()


class SyncedStore(DocumentStore, Protocol):
    """A store that can be kept equal to a folder, too."""

    def sync(self, folder: Path, collection: str) -> list[str]:
        """Makes the collection equal to the folder; what went wrong."""
        ...


@dataclass
class Ledger:
    """What was acknowledged: name to text; `under_way` is the one change that was not.

    `synced`: what the library has of the files in `folder`, where there is one. `doing` says what kind of
    change was begun last.
    """

    names: int = NAMES
    folder: ChangingFolder | None = None
    texts: dict[str, str] = field(default_factory=dict)
    synced: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    under_way: tuple[str, str | None] | None = None
    acknowledged: int = 0
    number: int = 0
    doing: str = ""
    wrong: list[str] = field(default_factory=list)

    def work(self, store: SyncedStore, choice: random.Random) -> None:
        """One random change after another, without end."""
        while True:
            if self.folder and choice.random() < SYNCS:
                self.folder.change(choice, lambda: self._text(choice, FILE_SENTENCES))
                self.sync(store)
            else:
                self._change(store, choice)
            self.acknowledged += 1

    def sync(self, store: SyncedStore) -> None:
        """Syncs the folder, with which the library must agree then."""
        assert self.folder
        self.doing = "sync"
        self.wrong += store.sync(self.folder.path, SYNCED)
        self._have_synced(self.folder.files)

    def _change(self, store: DocumentStore, choice: random.Random) -> None:
        name = f"document {choice.randrange(self.names)}"
        removed = name in self.texts and choice.random() < 0.3
        self.under_way = (name, None if removed else self._text(choice, SENTENCES))
        self.doing = "remove" if removed else "replace" if name in self.texts else "add"
        if removed:
            store.remove(name, "default")
        else:
            store.add(name, self.under_way[1] or "", "default", {})
        self._settled(*self.under_way)

    def verify(self, store: DocumentStore, choice: random.Random, *, problems: bool = True) -> list[str]:
        """What is not as it was acknowledged; the change under way may have happened, as a whole.

        With `problems` what the store says of itself counts too, which it can't say on a full disk while
        vectors wait to be written.
        """
        wrong, self.wrong = self.wrong + self._verify_synced(store), []
        found = {one.name: one.text for one in store.documents("default")}
        if self.under_way:
            name, text = self.under_way
            if found.get(name) == text:
                self._settled(name, text)
            self.under_way = None
        wrong += [
            f"{name} is not as it was added" for name in self.texts if found.get(name) != self.texts[name]
        ]
        wrong += [f"{name} should not be there" for name in found.keys() - self.texts.keys()]
        for texts in (self.texts, self.synced):
            for name in choice.sample(sorted(texts), min(LOOKED_FOR, len(texts))):
                if not has(store.search(_word(texts[name]), _FOUND_AMONG), _word(texts[name])):
                    wrong.append(f"{name} doesn't answer")
        for word in self.gone[-LOOKED_FOR:]:
            if has(store.search(word, _FOUND_AMONG), word):
                wrong.append(f"{word} answers, but was removed")
        return wrong + (store.problems() if problems else [])

    def _settled(self, name: str, text: str | None) -> None:
        old = self.texts.pop(name, None)
        if old:
            self.gone.append(_word(old))
        if text:
            self.texts[name] = text
        self.under_way = None

    def _verify_synced(self, store: DocumentStore) -> list[str]:
        """What can't be, if a sync was under way or none; what is there then counts as acknowledged."""
        goal = self.folder.files if self.folder and self.doing == "sync" else self.synced
        found = {one.name: one.text for one in store.documents(SYNCED)}
        wrong = [
            f"{name} is no file's text"
            for name, text in found.items()
            if text not in (self.synced.get(name), goal.get(name))
        ]
        # A file that stays is replaced in one step; a text that moves is at its old or its new place.
        wrong += [f"{name} is lost" for name in self.synced.keys() & goal.keys() - found.keys()]
        wrong += [
            f"{name} is lost, and stands nowhere else"
            for name, text in self.synced.items()
            if name not in {*goal, *found} and text in goal.values() and text not in found.values()
        ]
        self._have_synced(found)
        return wrong

    def _have_synced(self, files: dict[str, str]) -> None:
        self.gone += [_word(text) for text in set(self.synced.values()) - set(files.values())]
        self.synced = dict(files)
        self.doing = ""

    def _text(self, choice: random.Random, lengths: Sequence[int]) -> str:
        self.number += 1
        sentences = choice.choice(lengths)
        return f"number{self.number} " + " ".join(
            f"The {choice.choice(_WORDS)} lies {choice.choice(_WORDS)} of it." for _ in range(sentences)
        )


def _word(text: str) -> str:
    return text.split(maxsplit=1)[0]


def has(hits: list[FoundText], word: str) -> bool:
    return any(word in hit.text.split() for hit in hits)


def kills(folder: Path, zygote: Zygote, times: int, seed: int) -> dict[str, Any]:
    """Kills the library at so many random moments; what was found wrong, and how long opening took."""
    choice = random.Random(seed)
    ledger = Ledger(folder=ChangingFolder(folder / "files"))
    store = LibraryProcess(folder / "library", zygote)
    wrong: list[str] = []
    opening: list[float] = []
    during: Counter[str] = Counter()
    for _ in range(times):
        store.killed_during(lambda one: ledger.work(one, choice), choice.uniform(0.0, LONGEST_SECONDS))
        during[ledger.doing] += 1
        began = time.perf_counter()
        store.search("number1", 1)
        opening.append(time.perf_counter() - began)
        wrong += ledger.verify(store, choice)
    ledger.sync(store)
    wrong += ledger.verify(store, choice)
    store.close()
    return {
        "kills": times,
        "kills_during": dict(sorted(during.items())),
        "acknowledged_changes": ledger.acknowledged,
        "documents_at_the_end": len(ledger.texts) + len(ledger.synced),
        "wrong": wrong,
        "seconds_to_the_first_search_after_a_kill": {
            "median": round(statistics.median(opening), 3),
            "most": round(max(opening), 3),
        },
    }
