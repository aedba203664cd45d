"""The errors that keep the local stack from running, each with one line that a person can act on.

StackError
├── PortTaken        somebody else listens where a part should
├── AlreadyRunning   another supervisor holds this data directory
├── NotSupported     this machine cannot run the embedded broker and database
├── DownloadFailed   the broker or the database could not be fetched
└── PartFailed       a part did not become ready
"""


class StackError(Exception):
    """The stack cannot run; the message is meant for the screen."""


class PortTaken(StackError):
    pass


class AlreadyRunning(StackError):
    pass


class NotSupported(StackError):
    pass


class DownloadFailed(StackError):
    pass


class PartFailed(StackError):
    pass
