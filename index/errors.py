"""Every error Quoth raises on purpose.

    QuothError
    ├── SettingError        a setting or argument has a value that can't be used
    ├── DocumentError       one file can't be read; carries its name and the reason
    ├── FolderError         a folder can't be synced as it is; nothing was deleted for it
    ├── UnknownDocument     no document has that id or name
    ├── QuestionError       a question can't be asked as it stands
    ├── ModelError          a model folder is missing, damaged or not what its manifest says
    └── LibraryError        the library on disk can't be used
        ├── LibraryMismatch its format or embedder differs from what was asked for
        └── LibraryBusy     another process is writing to it

`qa.service` has two more: Busy, too many wait for an answer, and Left, whoever asked waits no longer. So has
`qa.access`: NotAllowed, what was asked for is not for this user, and SignInFailed.

A message says what happened, to which file or question, and what to do.
"""


class QuothError(Exception):
    """The root: doors catch this one and show its message without a traceback."""


class SettingError(QuothError):
    pass


class DocumentError(QuothError):
    """A file that can't become a document.

    `name` is the file as the user knows it, `reason` a sentence without the name.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class FolderError(QuothError):
    pass


class UnknownDocument(QuothError):
    pass


class QuestionError(QuothError):
    pass


class ModelError(QuothError):
    pass


class LibraryError(QuothError):
    pass


class LibraryMismatch(LibraryError):
    pass


class LibraryBusy(LibraryError):
    pass


# What is said of an error that nobody has foreseen.
BROKEN = "Something went wrong here. The server's log says what."
