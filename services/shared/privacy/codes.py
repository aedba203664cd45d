"""Codes of letters and digits that belong to a person: plates, accounts, passports and national insurance numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import mul

from stdnum import iban

from services.shared.privacy.contexts import label_before
from services.shared.privacy.marks import Found

_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLATE_CN = re.compile(
    rf"WJ\s?{_PROVINCE}\s?[0-9]{{4,5}}[A-Z]?(?![A-Za-z0-9])|{_PROVINCE}[\s\u00b7]?[A-Za-z]\s?[\u00b7.-]?\s?(?=[A-Za-z "
    rf"]{{0,6}}[0-9])[A-HJ-NP-Za-hj-np-z0-9](?:\s?[A-HJ-NP-Za-hj-np-z0-9]){{3,5}}"
    r"[挂学警港澳领使]?(?![A-Za-z0-9])"
)
_PLATE_GB = re.compile(r"(?<![A-Za-z0-9-])[A-HK-PR-Y][A-HJ-PR-Y][0-9]{2}\s?[A-HJ-PR-Z]{3}(?![A-Za-z0-9])")
_PLATE_NAMED = re.compile(
    r"(?i:licen[cs]e plate|number plate|\bplate|\breg(?:istration)?(?: mark)?|车牌号?码?)"
    r"(?i:\s?(?:number|no\.?|is|was|of|the|#|[:=是为,])){0,3}\s?"
    r"([a-z]{1,3}[0-9]{2,4}[a-z]{0,3}|(?=[A-Z0-9 -]{0,8}[0-9])(?=[A-Z0-9 "
    r"-]{0,8}[A-Z])[A-Z0-9]{1,8}(?:[ -][A-Z0-9]{2,5})?)(?![A-Za-z0-9])"
)
_VEHICLE = re.compile(
    r"(?<![A-Za-z0-9-])(?=[0-9]{0,16}[A-Z])(?=[A-Z]{0,16}[0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9-])", re.IGNORECASE
)
_VEHICLE_SIGN = re.compile("[A-HJ-NPR-Za-hj-npr-z0-9]{13}[0-9]{4}")
_VEHICLE_BEFORE = re.compile(r"(?:\bvin|chassis|车架|车辆识别|车辆识别代)(?:\s|[:=#.,是为号码]|number|no|is){0,5}$")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?(?![A-Za-z0-9])"
)
_INSURANCE = re.compile(
    r"(?<![A-Za-z0-9-])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?[0-9]{2}){3}[ -]?[A-D](?![A-Za-z0-9-])", re.IGNORECASE
)
_INSURANCE_NAMED = re.compile(
    r"(?:\bni|national insurance|nino)(?:\s?(?:number|no\.?|is|#|[:=])){0,3}\s?([A-Z]{2}(?:[ "
    r"-]?[0-9]{2}){3}[ -]?[A-Z])\b",
    re.IGNORECASE,
)
_DRIVER_GB = re.compile(r"(?<![A-Z0-9])[A-Z]{1,5}9{0,4}[0-9]{6}[A-Z9]{2}[0-9][A-Z]{2}(?![A-Z0-9])")
_HONG_KONG = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9]{6}\s?\([0-9A]\)")
_TAIWAN = re.compile(r"(?<![A-Za-z0-9-])[A-Z][1289][0-9]{8}(?![A-Za-z0-9])")
_NAMED = re.compile(
    r"(?:passport|护照|通行证|台胞证|回乡证|居留证|居住证|军官证|警官证|"
    r"结婚证|离婚证|出生证明?|出生医学证明|毕业证|学位证|残疾证|暂住证|户口[本簿]|driving licen[cs]e|"
    r"driver'?s? licen[cs]e|证件|permit holder|\bdl(?=\s?#|\s(?:no|number)\b))"
    r"(?:[\s:]?[\u4e00-\u9fff]{1,2}字第?)?(?:\s?(?:number|num|no\.?|id|is|was|#|编?号码?|[:=是为,])){0,4}\s?"
    r"((?=[A-Z -]{0,6}[0-9])[A-Z]{0,5}[ -]?[0-9][A-Z0-9-]{5,19}|"
    r"[A-Z]{1,2}[ -]?[0-9]{3,4}[ -][0-9]{3,5})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?:档案编?号码?|driving file (?:number|no\.?))(?:\s|[:=是为]){0,3}([0-9]{12})(?![0-9])", re.IGNORECASE
)
_STUDENT = re.compile(
    r"(?:学号|学籍号码?|学生证号?码?|准考证号?码?|考生号|student\s?(?:number|no\.?|id|card))(?:\s|[:=#是为]|number|is){0,4}"
    r"((?=[A-Z-]{0,6}[0-9])[A-Z0-9-]{5,20})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_HEALTH = re.compile(
    r"(?:社保卡?|医保卡?|社会保障卡?|医疗证|就诊卡|诊疗卡|(?:病历|就诊|住院|门诊)(?=号)|medicare|medicaid|\bmrn\b)(?:\s?(?:number|no\.?|is|#|号码?|[:=是为])){0,4}\s?"
    r"([A-Z]{0,3}[0-9][A-Z0-9-]{6,17})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SORT = re.compile(
    r"\bsort(?:\s?code|(?=[\s:=]{1,3}[0-9 -]{6,8}[\s,;]{1,3}(?:acc|a/c)))(?:\s|[:=]|is){0,3}"
    r"([0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:account|acct?|a/c)(?:\s?(?:number|num|no\.?|is|#|[:=])){0,3}\s?([0-9]{7,12})(?![0-9])", re.IGNORECASE
)
_CAPITAL_CODE = re.compile(r"[A-Z]\s?[0-9]")
_CODE_SIGN = re.compile(r"[A-Za-z](?:[0-9]|[ -][0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-Za-z])")
_VEHICLE_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every such code in a text that has a digit."""
    if not text.isascii():
        yield from (Found(m.start(), m.end(), "plate") for m in _PLATE_CN.finditer(text))
    if any(sign in lowered for sign in ("plate", "reg", "车牌")):
        yield from (Found(m.start(1), m.end(1), "plate") for m in _PLATE_NAMED.finditer(text))
    if any(sign in lowered for sign in ("证", "户口", "护照", "passport", "licen", "permit", "dl")):
        yield from (Found(m.start(1), m.end(1), "passport") for m in _NAMED.finditer(text))
    if "档案" in text or "driving file" in lowered:
        yield from (Found(m.start(1), m.end(1), "passport") for m in _FILE.finditer(text))
    if any(sign in lowered for sign in ("学", "考", "student")):
        yield from (Found(m.start(1), m.end(1), "student") for m in _STUDENT.finditer(text))
    if any(sign in lowered for sign in ("社", "医", "medic", "病历", "诊", "住院", "mrn")):
        yield from (Found(m.start(1), m.end(1), "health") for m in _HEALTH.finditer(text))
    if "sort" in lowered:
        yield from _british_accounts(text)
    if _CODE_SIGN.search(text) is None:
        return
    if "ni" in lowered or "national insurance" in lowered:
        yield from (Found(m.start(1), m.end(1), "identity") for m in _INSURANCE_NAMED.finditer(text))
    if _CAPITAL_CODE.search(text):
        yield from _in_capitals(text)
    yield from _ibans(text)
    if _VEHICLE_SIGN.search(text):
        yield from _vehicles(text, lowered)


def _british_accounts(text: str) -> Iterator[Found]:
    """A sort code, and the account that stands beside one."""
    found = [Found(m.start(1), m.end(1), "account") for m in _SORT.finditer(text)]
    yield from found
    if found:
        yield from (Found(m.start(1), m.end(1), "account") for m in _ACCOUNT.finditer(text))


def _in_capitals(text: str) -> Iterator[Found]:
    yield from _unless_a_code(text, _PLATE_GB, "plate")
    yield from _unless_a_code(text, _INSURANCE, "identity")
    yield from _unless_a_code(text, _DRIVER_GB, "passport")
    if "(" in text:
        yield from (Found(m.start(), m.end(), "identity") for m in _HONG_KONG.finditer(text))
    yield from (Found(m.start(), m.end(), "identity") for m in _TAIWAN.finditer(text) if _is_taiwanese(m.group()))


def _unless_a_code(text: str, form: re.Pattern[str], kind: str) -> Iterator[Found]:
    """What has this form, unless the word before it says that it is somebody's case or meter."""
    yield from (Found(m.start(), m.end(), kind) for m in form.finditer(text) if label_before(text, m.start()) != "keep")


def _ibans(text: str) -> Iterator[Found]:
    """Accounts by their check digits, or because the word before says so; the last word may be the sentence's next."""
    for found in _IBAN.finditer(text):
        parts, before = found.group().split(" "), text[max(0, found.start() - 12) : found.start()].lower()
        for length in range(len(parts), 0, -1):
            tried = " ".join(parts[:length])
            if iban.is_valid(tried) or (length == len(parts) and "iban" in before):
                yield Found(found.start(), found.start() + len(tried), "account")
                break


def _vehicles(text: str, lowered: str) -> Iterator[Found]:
    """Numbers of vehicles by the word before, or by their check digit where no word says that it is something else."""
    for found in _VEHICLE.finditer(text):
        start, end = found.span()
        is_named = _VEHICLE_BEFORE.search(lowered, max(0, start - 20), start) is not None
        if is_named or (_is_vehicle(found[0].upper()) and label_before(text, start) != "keep"):
            yield Found(start, end, "vehicle")


def _is_vehicle(number: str) -> bool:
    """By the check digit of vehicle identification numbers (ISO 3779, GB 16735), the ninth sign."""
    values = (int(sign) if sign.isdigit() else _VEHICLE_VALUES[sign] for sign in number)
    rest = sum(map(mul, values, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2))) % 11
    return number[8] == ("X" if rest == 10 else str(rest))


def _is_taiwanese(number: str) -> bool:
    """By the check digit of Taiwan's identity numbers."""
    first = _TAIWAN_LETTERS.index(number[0]) + 10
    weights = zip((1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), f"{first}{number[1:]}", strict=True)
    return sum(weight * int(digit) for weight, digit in weights) % 10 == 0
