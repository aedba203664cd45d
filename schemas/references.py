"""The number that people read to each other: short, of letters that are not mistaken, and no mistyped one is valid.

`CL-4F7-K2M-Q9X` has eight letters of Crockford's alphabet and a check letter (ISO 7064, MOD 37,2). The check finds any
one wrong letter and any two letters that changed places. Earlier references, such as `CL-FMKFK24K`, have eight letters
of another alphabet and no check; they stay valid.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from collections.abc import Iterator
from itertools import count

from stdnum.iso7064 import mod_37_2

from schemas.refusals import Explained, because

SUBJECT = "complaint"
"""The English word for the thing that a reference numbers."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: neither I, L nor O, which are read as 1 and 0, nor U."""
LETTERS = 8
ONCE = "[A-Z2-7]{8}"
"""The letters after `CL-` in an earlier reference: the beginning of the complaint's id, in base 32."""
_OTHERS = re.compile("VX|WX|QQ")
"""Words that people write before an account of WeChat or QQ; a reference in a free text would look like one."""
_ALIKE = str.maketrans("ILO", "110")
_NEW = re.compile(f"[{ALPHABET}]{{{LETTERS + 1}}}")


class Mistyped(Explained, ValueError):
    """Text that is no reference, or a reference with a wrong letter; the message says which."""


def candidates(complaint: str) -> Iterator[str]:
    """The references that a complaint may get, the same ones in the same order for ever: it gets the first free one."""
    own = uuid.UUID(complaint).bytes[:5]
    for n in count():
        drawn = own if n == 0 else hashlib.blake2b(f"{complaint}/{n}".encode(), digest_size=5).digest()
        number = int.from_bytes(drawn)
        letters = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
        check = mod_37_2.calc_check_digit(letters)
        if check in ALPHABET and not _OTHERS.search(letters + check):
            yield _written(letters + check)


def read(text: str) -> str:
    """The reference that is meant, however it is written: small, without dashes, O for 0. Raises Mistyped."""
    letters = re.sub(r"[\s\-‐‑‒–—−－_.]", "", text).upper()
    if len(letters) in (len("CL") + LETTERS, len("CL") + LETTERS + 1):
        letters = letters.removeprefix("CL")
    if re.fullmatch(ONCE, letters):
        return f"CL-{letters}"
    letters = letters.translate(_ALIKE)
    if not _NEW.fullmatch(letters):
        raise Mistyped(because("mistyped.form"))
    if not mod_37_2.is_valid(letters):
        raise Mistyped(because("mistyped.letter"))
    return _written(letters)


def has_check(reference: str) -> bool:
    """Whether it has a check letter, and no second complaint: those of earlier versions have neither."""
    return len(reference) == len("CL-XXX-XXX-XXX")


def beginning(reference: str) -> str:
    """How the id begins of whom an earlier reference names."""
    digits = base64.b32decode(reference.removeprefix("CL-")).hex()
    return f"{digits[:8]}-{digits[8:]}"


def _written(letters: str) -> str:
    return f"CL-{letters[:3]}-{letters[3:6]}-{letters[6:]}"
