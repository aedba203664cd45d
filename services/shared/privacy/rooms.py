"""Doors in other orders and spellings: a room before its building, a number behind its road, numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.shared.privacy.addresses import HAN, KIND, NOT_A_ROAD, ROAD, WORD, begins
from services.shared.privacy.marks import Found

_NO = r"(?:No\.?\s?|#\s?)?"
_OUTER = (
    rf"(?:(?:Building|Bldg|Block|Blk|Tower|Villa|Entrance|Staircase|Floor|Level|Lane|Unit|Phase)\.?\s?{_NO}"
    r"(?:[A-Z]?[0-9]{1,4}[A-Z]?|[A-Z])\b|No\.?\s?[0-9]{1,4}\s(?:Building|Bldg|Block|Lane)\b|"
    r"[0-9]{1,2}(?:st|nd|rd|th)\sfloor\b|[0-9]{1,2}/F\b)"
)
_INNER = rf"(?:Room|Rm|Flat|Apartment|Apt|Suite|Ste)\.?\s?{_NO}[A-Z]?[0-9]{{1,5}}[A-Z]?\b"
_ROOM_FIRST = re.compile(rf"\b{_INNER}(?:(?:\s?,?\s?|\s(?:of|in|on)\s){_OUTER}){{1,4}}", re.IGNORECASE)
_ROOM_LAST = re.compile(rf"\b{_OUTER}(?:\s?,?\s?{_OUTER}){{0,3}}\s?,?\s?{_INNER}", re.IGNORECASE)
_HOUSE = re.compile(
    rf"\b(?:Villa|House|Plot|Cottage|Bungalow)\s?{_NO}[0-9]{{1,4}}[A-Za-z]?\s?,\s?(?:{WORD}\s){{1,3}}(?:{KIND})\b"
)
_LOT = rf"(?:Plot|House|Villa|Bungalow|Shop|Flat)\s?{_NO}[0-9]{{1,4}}[A-Za-z]?\b"
_AREA = rf"(?:Sector|Phase|Block|Street|Road|Lane|Avenue|Extension)\s?{_NO}[0-9]{{1,3}}[A-Za-z]?\b"
_PLANNED = re.compile(
    rf"\b{_LOT}\s?,?\s?{_AREA}(?:\s?,?\s?{_AREA}){{0,3}}|\b{_AREA}(?:\s?,?\s?{_AREA}){{0,3}}\s?,?\s?{_LOT}",
    re.IGNORECASE,
)
"""Where a town is laid out in sectors and phases."""

_BEHIND_ITS_ROAD = re.compile(
    rf"\b(?:{WORD}\s){{1,3}}(?:{KIND})\b\.?,?\s(?:(?:[Nn]o\.?\s?|#\s?)[0-9]{{1,4}}[A-Za-z]?(?![0-9A-Za-z])|"
    rf"(?!(?:19|20)[0-9]{{2}}\b)[0-9]{{1,4}}[A-Za-z]?(?=\s?(?:[,.;\n]\s?(?![0-9])|$)))"
    rf"(?:\s?,\s?{_INNER})?"
)
_BEHIND_SIGN = re.compile(r"[A-Z][a-z]{1,9}\.?,?\s(?:[Nn]o\.?\s?|#\s?)?[0-9]")

_DIGIT = "[\u3007零一二三四五六七八九]"
_SPELT = "[\u3007零一二三四五六七八九十百]"
_NOT_COUNTED = "年元米度平人户个多余名台万千层楼吨点位月日号条次块单.%"
"""What follows a number that counts or measures something."""
_ANY = rf"(?:{_SPELT}{{1,4}}|[0-9]{{1,4}})"
_IN_WORDS = re.compile(
    rf"{_ANY}\s?(?:号楼|号院|栋|幢|座|单元)(?:\s?,?\s?{_ANY}\s?(?:号楼|栋|幢|座|单元|门)){{0,3}}\s?"
    rf"(?:{_DIGIT}{{3,4}}|[0-9]{{3,4}})(?:号房|室|房|(?![{_DIGIT[1:-1]}十百0-9{_NOT_COUNTED}]))"
)
_ROAD_IN_WORDS = re.compile(rf"[{HAN}]{{1,6}}?{ROAD}{NOT_A_ROAD}{_SPELT}{{1,5}}号(?![线机桥])")
_ROAD_AFTER = re.compile(rf"[0-9]号\s?,?[{HAN}]{{1,7}}[路街道巷弄同]")
_WORDS_SIGN = re.compile(rf"{_SPELT}\s?[号栋幢座单]")
_NO_NAME = "全整这那该附到在去来往经过至从由对把被给和与都也没不又再还就才起开前后早晚上下凌傍午线楼机院门房栋幢座单车"
_NAMED_ROAD = (
    rf"(?!公交|巴士|机组|电|灯|井|变|桩|杆|阀|柜|箱|文件|通知|令)(?:(?![{_NO_NAME}])[{HAN}]){{1,6}}?{ROAD}{NOT_A_ROAD}"
)
_BEFORE_ITS_ROAD = re.compile(
    rf"(?<![0-9月/.#-])(?:(?<=[住址])[0-9]{{1,4}}号\s?,?{_NAMED_ROAD}|(?:3[2-9]|[4-9][0-9]|[0-9]{{3,4}})号\s?{_NAMED_ROAD}|"
    rf"[0-9]{{1,4}}号\s?{_NAMED_ROAD}(?=[\s,.;!?\u3002\u3001]|$))"
)
"""A number up to 31 before a road is more often a day, unless nothing happens behind it."""

_VILLAGE = re.compile(rf"(?<=[村屯庄寨])\s?{_ANY}组\s?{_ANY}号(?![线机楼])")
_IN_VILLAGE = re.compile(
    r"(?<=[村屯庄寨])(?<!石家庄)(?:[0-9]{1,4}号院|(?:3[2-9]|[4-9][0-9]|[0-9]{3,4})号(?![线机楼院电灯井变桩杆阀柜箱文])|"
    r"[0-9]{1,4}号(?=[\s,.;!?\u3002\u3001]|$))"
)
"""As before a road: a number up to 31 is more often a day, unless nothing happens behind it."""

_DASHED = re.compile(
    r"(?<=[在住家址:路街巷弄村园苑区里城府庄坊厦])\s?[0-9]{1,3}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9-])"
)
_LAST = rf"(?:号房|室|房|(?![0-9A-Za-z{_NOT_COUNTED}]))"
_LETTERED = re.compile(rf"(?<![A-Za-z0-9])(?:[A-Za-z]|[0-9]{{1,2}})座\s?[0-9]{{2,4}}[A-Za-z]?{_LAST}")
_HASHED = re.compile(rf"(?<![A-Za-z0-9#])[0-9]{{1,3}}#楼?-?\s?[0-9]{{3,4}}{_LAST}")
_LOT_SIGNS = ("plot", "house", "villa", "bungalow", "shop", "flat")
_AREA_SIGNS = ("sector", "phase", "block", "street", "road", "lane", "avenue", "extension")
_ROOM_SIGNS = ("room", "rm", "flat", "apt", "apartment", "suite")


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every such door in a text that has a digit."""
    if any(sign in lowered for sign in _ROOM_SIGNS):
        yield from _all(_ROOM_FIRST, text)
        yield from _all(_ROOM_LAST, text)
    if any(sign in lowered for sign in ("villa", "house", "plot", "cottage", "bungalow")):
        yield from _all(_HOUSE, text)
    if any(sign in lowered for sign in _LOT_SIGNS) and any(sign in lowered for sign in _AREA_SIGNS):
        yield from _all(_PLANNED, text)
    if _ROAD_AFTER.search(text):
        yield from _all(_BEFORE_ITS_ROAD, text)
    if _BEHIND_SIGN.search(text):
        yield from _all(_BEHIND_ITS_ROAD, text)
    if "号" in text:
        yield from _all(_IN_VILLAGE, text)
    if "座" in text:
        yield from _all(_LETTERED, text)
    if "#" in text:
        yield from _all(_HASHED, text)
    if "-" in text and not text.isascii():
        yield from _all(_DASHED, text)


def found_in_words(text: str) -> Iterator[Found]:
    """Every door whose numbers are written in Chinese, at least some of them."""
    if _WORDS_SIGN.search(text):
        yield from _all(_IN_WORDS, text)
        yield from (Found(begins(text, m), m.end(), "address") for m in _ROAD_IN_WORDS.finditer(text))
    if "组" in text:
        yield from _all(_VILLAGE, text)


def _all(form: re.Pattern[str], text: str) -> Iterator[Found]:
    return (Found(m.start(), m.end(), "address") for m in form.finditer(text))
