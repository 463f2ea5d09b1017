"""What any store of documents must do, as a machine that does it at random beside a dictionary.

The store is reached through `DocumentStore` alone, so that the same machine runs against another one:

    ran = run_store_machine(opened=lambda: MyStore(new_folder()), steps=2000)
    assert ran.failures == []

`library_process.LibraryProcess` is a `DocumentStore` of a library, whatever searches it.
"""

import random
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import ClassVar, Concatenate, ParamSpec, Protocol, Self

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

NAMES = ("ant", "bee", "cow", "dog")
COLLECTIONS = ("default", "other")
COLOURS = ("red", "green", "blue")
# Words that every text has some of; each text has one word of its own besides.
_WORDS = "river mountain forest valley meadow desert island glacier canyon prairie".split()
_FOUND_AMONG = 200
_LONGEST_BEFORE_KILL = 0.12
_STEPS_OF_ONE = 50


@dataclass(frozen=True, slots=True, order=True)
class FoundText:
    """A document, or a piece of its text."""

    name: str
    collection: str
    text: str


class DocumentStore(Protocol):
    """A store in a process of its own; what a method has returned from is acknowledged."""

    def add(self, name: str, text: str, collection: str, metadata: Mapping[str, str]) -> None: ...

    def remove(self, name: str, collection: str) -> None: ...

    def search(
        self, question: str, limit: int, collection: str = "", metadata: Mapping[str, str] = {}
    ) -> list[FoundText]: ...

    def documents(self, collection: str = "", metadata: Mapping[str, str] = {}) -> list[FoundText]: ...

    def problems(self) -> list[str]:
        """What the store itself finds wrong with its data."""
        ...

    def restart(self) -> None: ...

    def kill(self) -> None: ...

    def killed_during(self, work: Callable[[Self], None], after: float) -> bool:
        """Begins `work` and kills the process; whether the work had been acknowledged."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What the dictionary knows of a document; `word` stands in no other text, ever."""

    text: str
    word: str
    colour: str


Arguments = ParamSpec("Arguments")

# Stands where the dictionary has no document.
_NOTHING = Kept("", "nothing", "")

# What is drawn must not hang on what the dictionary holds: where a kill fell in is not the same twice.
SourceKey = tuple[str, str]
_KEYS = st.tuples(st.sampled_from(NAMES), st.sampled_from(COLLECTIONS))


Step = Callable[Concatenate["StoreMachine", Arguments], None]


def _noted(step: Step[Arguments]) -> Step[Arguments]:
    """Keeps what went wrong first: Hypothesis tries again, and a kill never falls in the same place."""

    @wraps(step)
    def noting(machine: "StoreMachine", /, *arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        try:
            step(machine, *arguments, **named)
        except Exception:
            type(machine).failures.append(f"{step.__name__} {named}\n{traceback.format_exc()}")
            raise

    return noting


class StoreMachine(RuleBasedStateMachine):
    """Adds, replaces, removes, searches, filters, restarts and kills; `opened` makes a new, empty store.

    `failures` holds what went wrong as it happened, `steps` how many steps were made.
    """

    opened: ClassVar[Callable[[], DocumentStore]]
    steps: ClassVar[int] = 0
    failures: ClassVar[list[str]] = []

    @initialize()
    def begin(self) -> None:
        self.store = type(self).opened()
        self.model: dict[SourceKey, Kept] = {}
        self.gone: list[str] = []
        self.number = 0

    @_noted
    def teardown(self) -> None:
        if hasattr(self, "store"):
            try:
                assert self.store.problems() == []
            finally:
                self.store.close()

    @rule(key=_KEYS, colour=st.sampled_from(COLOURS), sentences=st.integers(1, 40))
    @_noted
    def add(self, key: SourceKey, colour: str, sentences: int) -> None:
        kept = self._new(colour, sentences)
        self._add(self.store, key, kept)
        self._keep(key, kept)

    @rule(key=_KEYS)
    @_noted
    def remove(self, key: SourceKey) -> None:
        if key in self.model:
            self.store.remove(*key)
            self._keep(key, None)

    @rule(key=_KEYS, within=st.sampled_from(("", *COLLECTIONS)), colour=st.sampled_from(("", *COLOURS)))
    @_noted
    def search(self, key: SourceKey, within: str, colour: str) -> None:
        kept = self.model.get(key, _NOTHING)
        passes = key in self.model and within in ("", key[1]) and colour in ("", kept.colour)
        metadata = {"colour": colour} if colour else {}
        hits = self.store.search(kept.word, _FOUND_AMONG, within, metadata)
        self._are_there(hits)
        assert all(within in ("", hit.collection) for hit in hits)
        assert all(colour in ("", self.model[hit.name, hit.collection].colour) for hit in hits)
        assert any(kept.word in hit.text.split() for hit in hits) == passes

    @rule(which=st.integers(0, 1000))
    @_noted
    def search_for_what_is_gone(self, which: int) -> None:
        word = self.gone[which % len(self.gone)] if self.gone else _NOTHING.word
        hits = self.store.search(word, _FOUND_AMONG)
        self._are_there(hits)
        assert not any(word in hit.text.split() for hit in hits)

    @rule(within=st.sampled_from(("", *COLLECTIONS)), colour=st.sampled_from(("", *COLOURS)))
    @_noted
    def filter(self, within: str, colour: str) -> None:
        listed = self.store.documents(within, {"colour": colour} if colour else {})
        assert sorted(listed) == sorted(
            FoundText(*key, kept.text)
            for key, kept in self.model.items()
            if within in ("", key[1]) and colour in ("", kept.colour)
        )

    @rule()
    @_noted
    def restart(self) -> None:
        self.store.restart()

    @rule()
    @_noted
    def kill(self) -> None:
        self.store.kill()

    @rule(
        key=_KEYS,
        colour=st.sampled_from(COLOURS),
        sentences=st.integers(1, 400),
        after=st.floats(0.0, _LONGEST_BEFORE_KILL),
    )
    @_noted
    def kill_while_adding(self, key: SourceKey, colour: str, sentences: int, after: float) -> None:
        kept = self._new(colour, sentences)
        acknowledged = self.store.killed_during(lambda store: self._add(store, key, kept), after)
        self._settle(key, kept, acknowledged)

    @rule(key=_KEYS, after=st.floats(0.0, _LONGEST_BEFORE_KILL))
    @_noted
    def kill_while_removing(self, key: SourceKey, after: float) -> None:
        if key in self.model:
            acknowledged = self.store.killed_during(lambda store: store.remove(*key), after)
            self._settle(key, None, acknowledged)

    @invariant()
    def count(self) -> None:
        type(self).steps += 1

    def _new(self, colour: str, sentences: int) -> Kept:
        self.number += 1
        word = f"word{self.number}"
        choice = random.Random(self.number)
        text = f"Here is {word} itself. " + " ".join(
            f"The {choice.choice(_WORDS)} is near the {choice.choice(_WORDS)}." for _ in range(sentences)
        )
        return Kept(text, word, colour)

    def _add(self, store: DocumentStore, key: SourceKey, kept: Kept) -> None:
        store.add(key[0], kept.text, key[1], {"colour": kept.colour})

    def _keep(self, key: SourceKey, kept: Kept | None) -> None:
        old = self.model.pop(key, None)
        if old:
            self.gone.append(old.word)
        if kept:
            self.model[key] = kept

    def _settle(self, key: SourceKey, kept: Kept | None, acknowledged: bool) -> None:
        """What was acknowledged has happened; what was not has happened as a whole or not at all."""
        text = next((one.text for one in self.store.documents() if (one.name, one.collection) == key), None)
        before = self.model.get(key)
        happened = text == (kept.text if kept else None)
        assert happened or (not acknowledged and text == (before.text if before else None))
        if happened:
            self._keep(key, kept)
        elif kept:
            self.gone.append(kept.word)

    def _are_there(self, hits: list[FoundText]) -> None:
        """Each hit is a piece of a document that is there, in its present text."""
        for hit in hits:
            assert hit.text in self.model[hit.name, hit.collection].text


@dataclass(frozen=True, slots=True)
class Ran:
    """How many steps were made, and what went wrong first, as it happened; no failure when nothing did."""

    steps: int
    failures: list[str]


def run_store_machine(opened: Callable[[], DocumentStore], steps: int) -> Ran:
    """About so many steps of the machine; `opened` makes a new, empty store for each sequence of steps."""

    class Machine(StoreMachine):
        pass

    Machine.opened, Machine.failures = staticmethod(opened), []
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=max(steps // _STEPS_OF_ONE, 1),
                stateful_step_count=_STEPS_OF_ONE,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception as error:
        Machine.failures.append(repr(error))
    return Ran(Machine.steps, Machine.failures[:1])
