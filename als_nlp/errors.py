"""Every error the toolkit raises on purpose; each message is one sentence a user can act on.

AlsError
├── InputError        something is wrong with a file or value that the user gave
│   ├── CaptionError  a captions file cannot be read
│   ├── CorpusError   an annotated session breaks the corpus format
│   └── RecordingError  a recording cannot be read, or nobody speaks in it
└── ModelError        a bundled model is missing or damaged
"""


class AlsError(Exception):
    """The root: its message says what is wrong, where, and what to do."""


class InputError(AlsError):
    """Something is wrong with what the user gave us."""


class CaptionError(InputError):
    """A captions file cannot be read, or is not captions."""


class CorpusError(InputError):
    """An annotated session breaks the corpus format (the message names file and line)."""


class RecordingError(InputError):
    """A recording cannot be read, or nobody speaks in it."""


class ModelError(AlsError):
    """A bundled model is missing or damaged."""
