"""Addresses of doors: Chinese, British and American ones; a street or a district without a door is nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.shared.privacy.marks import Found

HAN = "\u4e00-\u9fff"
_NUMBER = r"[甲乙丙丁附]?[0-9]{1,5}(?:[-/][0-9]{1,4}){0,3}[A-Za-z]?"
_PART = (
    rf"(?:\s?[,]?\s?(?:{_NUMBER}\s?(?:号楼|号院|号门|号房|号|支弄|弄|栋|幢|座|单元|门洞|门|楼|层|室|房间|房|户|梯|组|#|"
    r"[A-Za-z](?=[0-9]))|[A-Za-z东南西北]{1,2}[座栋幢单]元?|[东西南北中左右]边?户|之[一二三四五0-9]|[0-9]{3,4}[A-Za-z]?(?![0-9年元米度.])))"
)
ROAD = r"(?:大道|大街|路|街|巷|胡同|弄|里弄|中道|东道|西道|南道|北道|环路|公路)(?:[东南西北中一二三四五六七八九]段)?"
_NO_ROADS = ("道路", "线路", "电路", "管路", "水路", "铁路", "网路", "马路", "条路", "条街", "逛街")
_ALL_THE_WAY = r"(?:(?<!一路)|(?<=[^\W\d_坐乘走开跑交们铁我你他她您这那的了线]一路))"
NOT_A_ROAD = "".join(f"(?<!{word})" for word in _NO_ROADS) + _ALL_THE_WAY
_STREET = re.compile(
    rf"(?:[{HAN}]{{1,6}}?|[{HAN}]{{0,3}}[0-9]{{1,3}}){ROAD}{NOT_A_ROAD}(?:[{HAN}]{{0,4}}[村里坊苑园区])?\s?"
    rf"{_NUMBER}\s?(?:号楼|号院|号|弄|栋|幢){_PART}{{0,6}}"
)
_DOORS = rf"{_NUMBER}\s?(?:号楼|号院|号|弄|栋|幢|座|单元|组|楼)"
_PLACE = re.compile(
    rf"(?:[{HAN}]{{1,6}}(?:小区|花园|新村|社区|家园|公寓|苑|大厦|广场|村|园|城|府|庄|坊|里|"
    rf"屯))?(?:[0-9一二三四五六七八九十]{{1,2}}期|[东南西北中]区)?\s?"
    rf"{_DOORS}{_PART}{{1,6}}"
)
_ROOM = re.compile(r"(?<![0-9.-])(?:[A-Za-z0-9]{1,3}-){0,3}[0-9]{3,4}[A-Za-z]?\s?(?:室|号房|房间|房(?![价租产型屋]))")
_HAS_ROOM = re.compile(r"室|房|户|[0-9]{3,4}[A-Za-z]?$|单元\s?[0-9]{2,4}|[0-9]-[0-9]{1,2}-[0-9]{2,4}")
_STARTS = re.compile(
    rf".{{0,200}}(?:[在住到于是址从去来的往省市区县镇乡和与有我至村即位由对找叫回]|街道|地处)(?=[{HAN}0-9]{{2}})"
)

WORD = r"[A-Z][A-Za-z'\u2019.-]{1,20}"
KIND = (
    r"Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Court|Ct|Close|Cl|Crescent|Cres|Square|"
    r"Sq|Terrace|Ter|Way|Place|Pl|"
    r"Boulevard|Blvd|Gardens|Gdns|Grove|Hill|Mews|Row|Walk|Highway|Hwy|Parkway|Pkwy|Park|Gate|"
    r"Green|Parade|Rise|View|Vale|"
    r"Yard|Wharf|Quay|Circle|Cir|Trail|Trl|Turnpike|Plaza|Alley|Loop|Expressway|Circus|Broadway"
)
_CLEAR_KIND = r"street|st|road|rd|avenue|ave|lane|ln|drive|close|crescent|terrace|boulevard|blvd|gardens|grove|mews"
_FLAT = (
    r"(?:(?:flat|apt\.?|apartment|unit|suite|ste\.?|room|rm|studio|"
    r"maisonette)\s?#?\s?(?=[A-Za-z]?[0-9]|[A-Z]\b)[A-Za-z]?[0-9]{0,5}[A-Za-z]?|"
    r"#\s?[0-9]{1,5}[A-Za-z]?)"
)
_DOOR = r"(?:(?<![A-Za-z])[Nn]o\.?\s?|(?<![A-Za-z0-9.,/#:-]))[0-9]{1,5}(?:[-/][0-9]{1,5})?[A-Za-z]?"
_NOT_WORDS = (
    "on|the|in|of|this|that|a|my|our|your|times|days|hours|weeks|minutes|years|months|people|"
    "cars|along|down|near|at|and|or|"
    "off|from|to|by|with|is|was|are|has|have|for|houses|lamps|lights|holes|potholes|trees|per|"
    "across|up|into|all|big|more|"
    "miles|metres|meters|km|m|pm|am|men|women|children|kids|cats|dogs|rats|bins|bags|pounds|dollars|yuan|when|we|i|it"
)
_QUIET = rf"(?!(?:{_NOT_WORDS})\b)[a-z][a-z'\u2019-]{{1,20}}"
_POINT = r"(?:(?:[NSEW]|North|South|East|West|NE|NW|SE|SW)\.?\s)?"
_COUNTED = (
    r"(?i:(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|miles?|kilometres?|kilometers?|km|metres?|meters?|"
    r"yards?|feet|foot|ft|inch(?:es)?|acres?|way|ways|lanes?|storey|story|bed(?:room)?|seat(?:er)?|person|man|car|point|"
    rf"star|step|percent)\s(?:(?:car|bus|taxi|train|cycle|bike)\s)?(?:{KIND})\b)"
)
"""How far, how long and how many: `5 Minute Drive` is nobody's door."""

_CASES = (
    r"(?:(?<=Court)\s(?i:cases?|orders?|hearings?|dates?|fees?|papers?|summons(?:es)?|proceedings|costs|claims?)\b)"
)
_BODY = (
    rf"{_DOOR}(?<!19\d\d)(?<!20\d\d)\s(?!{_COUNTED})(?:{_POINT}(?:{WORD}\s|[0-9]{{1,3}}(?:st|nd|rd|th|ST|ND|"
    rf"RD|TH)\s){{1,4}}?(?:{KIND})\b(?!{_CASES})\.?(?:\s[NSEW]{{1,2}}\b)?"
    rf"|{_POINT}Broadway\b|(?i:{_QUIET}\s(?:{_QUIET}\s)?(?:{_CLEAR_KIND})\b)|"
    rf"(?i:[0-9]{{1,3}}(?:st|nd|rd|th)\s(?:{_CLEAR_KIND})\b))"
)
_ENGLISH = re.compile(rf"{_BODY}(?:\s?,?\s?(?i:{_FLAT}))?")
_COMMA = re.compile(
    rf"(?:^|(?<=[,:;\n])|(?<=[,:;]\s)|(?<=\b(?:at|is)\s))[0-9]{{1,4}}[A-Za-z]?,\s"
    rf"(?:{WORD}\s){{1,3}}?(?:{KIND})\b(?!\s(?:is|was|are|were|has|had|from|to|between|near|and)\b)",
    re.MULTILINE,
)
"""With a comma behind the number: where no month stands before it, and nothing happens in the street."""

_COMMA_SIGN = re.compile(r"[0-9][A-Za-z]?,\s[A-Z]")
_FLAT_BEFORE = re.compile(rf"(?<![A-Za-z0-9]){_FLAT}\s?,?\s?$", re.IGNORECASE)
_FLAT_FIRST = re.compile(
    rf"\b(?:Flat|Apt\.?|Apartment)\s?#?(?=[0-9]|"
    rf"[A-Z]\b)[0-9]{{0,4}}[A-Z]?\s?,\s?(?:{WORD}\s){{1,3}}(?:House|Court|Lodge|Tower|Heights|"
    rf"Mansions|Point)\b"
)
_BOX = re.compile(r"\bP\.?\s?O\.?\s?Box\s?[0-9]{1,6}\b", re.IGNORECASE)

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
    "DY E EC EH EN EX FK FY G GL GU "
    "GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N "
    "NE NG NN NP NR NW OL OX PA PE "
    "PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW "
    "UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTAL_AREAS = frozenset(_AREAS.split())
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9-])([A-Za-z]{1,2})[0-9][A-Za-z0-9]?\s?[0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}(?![A-Za-z0-9-])"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|"
    "NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|"
    "SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_FULL_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|"
    "Hawaii|Idaho|Illinois|Indiana|Iowa|"
    "Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|"
    "Missouri|Montana|Nebraska|Nevada|"
    "New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|"
    "Oregon|Pennsylvania|Rhode Island|"
    "South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
_ZIP = re.compile(
    rf"(?:(?<![A-Za-z])(?:{_STATES})\.?,?\s(?<!\bOK )(?<!\bOR )(?<!\bIN )(?<!\bME )|"
    rf"(?<=[A-Za-z],\s)(?:OK|OR|IN|ME)\s|(?<=[a-z]\s)(?:OK|OR|IN|ME)\s"
    rf"|\b(?:{_FULL_STATES}),?\s)[0-9]{{5}}(?:-[0-9]{{4}})?(?![0-9])"
)
_ZIP_SIGN = re.compile(r"[0-9]{5}(?![0-9])(?<=[A-Za-z.,]\s[0-9]{5})")
_REACH = 24


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every address of a door in a text that has a digit."""
    if not text.isascii():
        yield from _chinese(text)
    if "box" in lowered:
        yield from (Found(m.start(), m.end(), "address") for m in _BOX.finditer(text))
    if _LATIN.search(text) is None:
        return
    for found in _ENGLISH.finditer(text):
        yield Found(_with_flat(text, found.start()), found.end(), "address")
    if _COMMA_SIGN.search(text):
        yield from (Found(_with_flat(text, m.start()), m.end(), "address") for m in _COMMA.finditer(text))
    if any(sign in lowered for sign in ("flat", "apt", "apartment")):
        yield from (Found(m.start(), m.end(), "address") for m in _FLAT_FIRST.finditer(text))
    yield from _postcodes(text)
    if _ZIP_SIGN.search(text):
        yield from (Found(m.start(), m.end(), "address") for m in _ZIP.finditer(text))


def _with_flat(text: str, start: int) -> int:
    flat = _FLAT_BEFORE.search(text, max(0, start - _REACH), start)
    return flat.start() if flat else start


def _postcodes(text: str) -> Iterator[Found]:
    for found in _POSTCODE.finditer(text):
        if found[1].upper() in _POSTAL_AREAS:
            yield Found(found.start(), found.end(), "address")


_LATIN = re.compile("[A-Za-z]")
_UNIT_SIGN = re.compile(r"[0-9][A-Za-z]?\s?[号弄栋幢座单组楼室房]")
"""How every Chinese address goes on after its first number."""

_ROAD_SIGN = re.compile(rf"{ROAD}(?:[{HAN}]{{0,4}}[村里坊苑园区])?\s?{_NUMBER}\s?[号弄栋幢]")
_PLACE_SIGN = re.compile(rf"{_DOORS}{_PART}")


def _chinese(text: str) -> Iterator[Found]:
    if _UNIT_SIGN.search(text) is None:
        return
    if _ROAD_SIGN.search(text):
        yield from (Found(begins(text, m), m.end(), "address") for m in _STREET.finditer(text))
    if _PLACE_SIGN.search(text):
        places = (m for m in _PLACE.finditer(text) if _HAS_ROOM.search(m.group()))
        yield from (Found(begins(text, m), m.end(), "address") for m in places)
    yield from (Found(m.start(), m.end(), "address") for m in _ROOM.finditer(text))


def begins(text: str, found: re.Match[str]) -> int:
    """Where the name of the street begins: what leads up to it is not part of the address."""
    lead = _STARTS.match(text, found.start(), found.end())
    return found.start() if lead is None else lead.end()
