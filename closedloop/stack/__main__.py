"""`python -m closedloop.stack` fetches broker and database ahead of their first start."""

from closedloop.stack import class_archive, downloads
from closedloop.stack.errors import NotSupported, StackError


def main() -> None:
    try:
        downloads.require_supported()
        class_archive.java(downloads.broker_jars(print), print)
        downloads.mongod(print)
    except NotSupported as reason:
        # No failure: everything else works there, against existing clusters.
        print(reason)
    except StackError as reason:
        raise SystemExit(str(reason)) from None


main()
