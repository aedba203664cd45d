"""Finds names: after an introduction such as "my name is", and names from the fields of the message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.shared.privacy import words
from services.shared.privacy.addresses import KIND
from services.shared.privacy.letters import LETTER, NAME, SIGN, UPPER, bare_letters
from services.shared.privacy.marks import Found

_SURNAMES = words.SURNAMES
_DOUBLE = "|".join(words.DOUBLE_SURNAMES.split())
_CLEAR = [sign for sign in _SURNAMES if sign not in words.SURNAMES_AND_WORDS + words.SELDOM_SURNAMES]
_USUAL = "".join(sign for sign in _SURNAMES if sign not in words.SELDOM_SURNAMES)
_HAN = "[\u4e00-\u9fff]"
_NO_GIVEN = (
    "[是在住的了我你您他她们与也就说请被把买去到不这那都很又还该让给没吗呢啊吧呀啦哦叫要号于因对从向已购]|"
    "想要|今[天日年]|昨[天日晚]"
    "|明[天日年]|前天|投诉|来[电信]|电[话联]|手机|反[映应]|联系|报[修警]|身份|男[士,]|女[士,]|"
    "现[在住]|目前|希望|申请|先生|小[姐区]|同志"
    "|等[等人]|非常|家[住里在]|多次|曾经|有[一个点事]|打[电]|用[的了]|称|来[到]|表示|要求|师[傅父]|经理|主任|老师|医生|阿姨|大[爷妈]"
)
_GIVEN = f"(?:(?!{_NO_GIVEN}){_HAN})"
_GIVENS = rf"\s?{_GIVEN}{{1,2}}"
_OF_PEOPLES = (
    rf"[小阿老]{_HAN}(?![\u4e00-\u9fff])|{_HAN}{{2,8}}(?:\u00b7{_HAN}{{1,10}}){{1,3}}|"
    rf"{NAME}(?:\s{NAME}){{0,2}}"
)
_IS = r"(?:是|\s?[:=|])"
_ROLES = "联[系络]|投诉|申请|收件|寄件|收货|发货|取件|当事|反映|举报|报修|报案|来电|来访|委托|经办|签收|签字|承租"
_ROLE = f"(?:(?:{_ROLES})人|[户机业]主|签名|户名)"
_STRONG_ZH = re.compile(
    rf"(?:(?:我的名字[叫是]|我的姓\s?名是?|名字[叫是]?|(?:我|本人|俺)叫[做作]?|名叫|我姓名|姓\s?名是?|署名|叫我|{_ROLE}(?:姓名)?{_IS})"
    rf"\s?[:,=|]?\s?((?:{_DOUBLE}|[{_SURNAMES}]){_GIVENS}|{_OF_PEOPLES})|"
    rf"{_ROLE}[\s,]{{0,2}}((?:{_DOUBLE}|[{_USUAL}]){_GIVENS}|{_OF_PEOPLES}))"
)
_SECOND_ZH = re.compile(
    rf"\s?(?:[/、,;&和与及]|或者?)\s?((?:{_DOUBLE}|[{''.join(_CLEAR)}])\s?{_GIVEN}{{1,2}})(?!{_HAN})"
)
"""Another one, behind a name that has been introduced."""

_SPELT_ZH = re.compile(rf"(?:我|本人|俺)姓([{_SURNAMES}][,\s]?名[叫为]?{_GIVEN}{{1,2}})")
_END = (
    r"(?=$|[\s,.!?;:()\"'\u3001\u3002\u201c\u201d/-]|先生|女士|小姐|同志|住|家住|电话|手机|身份|"
    r"反映|反应|称|来电|投诉|要求|表示|于|在|系|因|,)"
)
_WEAK_ZH = re.compile(
    r"(?:(?:我|本人|俺|咱)(?:就?[是系係]|[就也]?叫[做作]?)|"
    r"(?:本人|客户|用户|业主|住户|居民|市民|户主|租户|租客|患者|家属|乘客|车主|顾客|投诉人|来电人|申请人|联系人|当事人|落款|鄙人|在下|房东|房主)[是系叫]?|"
    r"本人为|(?:他|她|妈|爸|爷爷|奶奶|外公|外婆|姥姥|姥爷|婆婆|公公|岳父|岳母|父亲|母亲|丈夫|妻子|爱人|老公|老婆|儿子|女儿|孩子|"
    r"[哥姐弟妹叔伯姨舅]|邻居|对方|司机|保安|女子|老人|朋友|同事|亲戚|有人)叫[做作]?)\s?[:,]?\s?"
    rf"((?:{_DOUBLE}){_GIVEN}{{1,2}}|[{''.join(_CLEAR)}]\s?{_GIVEN}{{1,2}}?){_END}"
)
_TITLED_ZH = re.compile(rf"([{''.join(_CLEAR)}]{_GIVEN}{{1,2}})(?=先生|女士)")
_NO_NAMES = frozenset(words.NO_NAMES.split())

_STOPS = (
    "and|i|i'm|from|living|live|at|the|my|in|of|on|not|is|was|it|who|but|with|to|for|am|"
    "writing|calling|please|phone|tel"
    "|wrong|misspelt|misspelled|spelled|spelt|missing|incorrect|listed|being|also|still|no|"
    "never|account|address|email|a|an"
    "|there|here|this|that|as|by|or|you|we|are|have|has|had|number|used|registered|unknown|"
    "attached|below|above|given|very"
)
_LOOSE_NAME = rf"(?!(?:{_STOPS})\b)[{LETTER}][{SIGN}]{{1,20}}"
_STRONG_EN = re.compile(
    r"\b(?:my (?:full |first |last |sur)?name(?: is|'s|:|\s?=)|i am called|they call me|name of the "
    r"(?:customer|caller|tenant) is)\s{1,4}(?:(?:mr|mrs|ms|miss|dr)\.?\s)?"
    rf"({_LOOSE_NAME}(?:\s{_LOOSE_NAME}|\s[{LETTER}]\.){{0,3}}|(?:{_DOUBLE}|[{_SURNAMES}]){_GIVENS})",
    re.IGNORECASE,
)
_LABEL_SIGN = re.compile(
    r"(?:\b(?:full name|customer name|contact name|caller name|name|contact person|contact|caller|tenant"
    r"|signed|signed by)(?:\s?[:=]|\s-(?=\s))|"
    r"\b(?:regards|sincerely|faithfully|truly|signed|cheers|best wishes|yours)\s?,)"
)
_LABEL_NAME = re.compile(rf"\s{{0,4}}(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)?({NAME}(?:\s(?:{NAME}|[{UPPER}]\.)){{0,3}})")
_ROLE_EN = re.compile(
    r"\b(?:customer|client|complainant|resident|occupier|occupant|tenant|caller|patient|landlord|landlady|neighbou?r|"
    r"(?:account |card)?holder|reported by|submitted by|name|contact)\s?[:=|,-]?\s",
)
_PERSON = re.compile(
    rf"\s{{0,2}}(?:(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)?({NAME}(?:\s(?!(?i:{_STOPS})\b)(?:{NAME}|[{UPPER}]\.)){{1,2}})"
)
_WEAK_EN = re.compile(
    rf"\b(?:I am|I'm|I\u2019m|[Ii] am|i'm|This is|this is|It's|it is)\s(?:(?:Mr|Mrs|Ms|Miss|"
    rf"Dr)\.?\s)?({NAME}\s(?:[{UPPER}]\.?\s)?{NAME})"
    rf"(?=\s?(?:$|[,.;!\n)(-]|from\b|speaking|calling|here\b|living|and\b|of\b|at\b|writing|who\b|tel\b|phone\b))"
)
_TITLED_EN = re.compile(
    rf"\b(?:(?:Mr|Mrs|Ms|Miss|Dr|Mx|MR|MRS)\.?\s"
    rf"({NAME}(?:\s(?:[{UPPER}]\.?\s)?(?!(?i:{_STOPS}|called|says|said)\b){NAME}){{1,2}})|"
    rf"(?:Mr|Mrs|Ms|Mx|MR|MRS)\.?\s((?:[{UPPER}]\.?\s){{0,2}}{NAME}))"
)
_NO_NAMES_EN = frozenset(words.NO_NAMES_EN.split())
_FIRST_NAMES = frozenset(words.FIRST_NAMES.split())
_PLACES = _NO_NAMES_EN | {*KIND.lower().split("|"), "station", "line", "centre", "center", "school", "hospital"}
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|dr|mx|prof)\.?\s+|(?:先生|女士|小姐|同志)$", re.IGNORECASE)
_ANYBODY = frozenset(words.ANYBODY.split())
_SIGNS_ZH = (
    *(
        "叫",
        "我是",
        "我就",
        "我姓",
        "我系",
        "我係",
        "俺",
        "咱",
        "名叫",
        "名字",
        "姓名",
        "姓 名",
        "本人",
        "署名",
        "联系人",
        "人",
        "户",
        "民",
        "客",
        "患者",
        "房东",
        "房主",
        "家属",
        "车主",
        "业主",
    ),
    *("签名", "机主"),
    *("先生", "女士", "落款", "在下"),
)
_SIGNS_OF_LABELS = (
    *("name", "contact", "caller", "tenant", "signed", "regards", "sincerely", "faithfully", "truly", "cheers"),
    *("best wishes", "yours"),
)
_SIGNS_WEAK = (" am ", "'m ", "\u2019m ", "This is", "this is", "It's", "it is")
_SIGNS_OF_TITLES = ("Mr", "Ms", "Miss", "Dr", "Mx", "MR")
_SIGNS_OF_ROLES = (
    *("customer", "client", "complainant", "resident", "occup", "tenant", "caller", "patient", "landl", "neighbo"),
    *("holder", "ed by", "name", "contact"),
)


def introduced(text: str, lowered: str) -> Iterator[Found]:
    """Names that stand after words which introduce a name."""
    if not text.isascii() and any(sign in text for sign in _SIGNS_ZH):
        yield from _strong(text)
        yield from _of(_SPELT_ZH, text)
        weak = (_WEAK_ZH, _TITLED_ZH) if "先生" in text or "女士" in text else (_WEAK_ZH,)
        for form in weak:
            yield from (f for f in _of(form, text) if _is_chinese_name(text[f.start : f.end]))
    if "name" in lowered or "call" in lowered:
        yield from _of(_STRONG_EN, text)
    if any(sign in lowered for sign in _SIGNS_OF_LABELS):
        yield from _labelled(text, lowered)
    if any(sign in lowered for sign in _SIGNS_OF_ROLES):
        yield from _of_roles(text, lowered)
    for form, signs in ((_WEAK_EN, _SIGNS_WEAK), (_TITLED_EN, _SIGNS_OF_TITLES)):
        if any(sign in text for sign in signs):
            yield from (f for f in _of(form, text) if _NO_NAMES_EN.isdisjoint(text[f.start : f.end].lower().split()))


def known(lowered: str, name: str) -> Iterator[Found]:
    """Where a name stands that the message itself gives, in either order of its parts, with accents or without."""
    lowered = bare_letters(lowered)
    bare = bare_letters(" ".join(re.sub("[,.]", " ", _TITLES.sub("", name.strip())).split()).lower())
    if len(bare) < 2 or bare in _ANYBODY:
        return
    parts = bare.split(" ")
    if len(parts) > 1 and parts[-1] in lowered:
        yield from _of(re.compile(rf"\b(?:mr|mrs|ms|miss|dr|mx)\.?\s({re.escape(parts[-1])})(?![a-z])"), lowered)
    if all(part in lowered for part in ((parts[0], parts[-1]) if bare.isascii() else bare.replace(" ", ""))):
        for order in {tuple(parts), tuple(reversed(parts)), (parts[0], parts[-1])}:
            yield from _of(_spelt(order), lowered)


def _spelt(parts: tuple[str, ...]) -> re.Pattern[str]:
    between = r"(?:[\s,.-]|\s?\u00b7\s?)"
    if all(map(str.isascii, parts)):
        return re.compile(rf"(?<![a-z0-9])({(between + '{1,3}').join(map(re.escape, parts))})(?![a-z0-9])")
    return re.compile(f"({(between + '{0,2}').join(map(re.escape, ''.join(parts)))})")


def _of(form: re.Pattern[str], text: str) -> Iterator[Found]:
    return (Found(*m.span(m.lastindex or 0), "name") for m in form.finditer(text))


def _strong(text: str) -> Iterator[Found]:
    """Names behind words that introduce nothing else, with a second one behind the first."""
    for found in _STRONG_ZH.finditer(text):
        start, end = found.span(found.lastindex or 0)
        if text[start : start + 2] in _NO_NAMES:
            continue
        yield Found(start, end, "name")
        if second := _SECOND_ZH.match(text, end):
            yield Found(second.start(1), second.end(1), "name")


def _labelled(text: str, lowered: str) -> Iterator[Found]:
    for sign in _LABEL_SIGN.finditer(lowered):
        name = _LABEL_NAME.match(text, sign.end())
        if name is not None and _NO_NAMES_EN.isdisjoint(name[1].lower().split()):
            yield Found(name.start(1), name.end(1), "name")


def _of_roles(text: str, lowered: str) -> Iterator[Found]:
    """Behind a word for a person, two names or more of which the first can be nothing else."""
    for sign in _ROLE_EN.finditer(lowered):
        name = _PERSON.match(text, sign.end())
        said = bare_letters(name[1].lower()).split() if name is not None else []
        if name is not None and said[0] in _FIRST_NAMES and _PLACES.isdisjoint(said):
            yield Found(name.start(1), name.end(1), "name")


def _is_chinese_name(name: str) -> bool:
    """Whether this is a name and no word that begins like one; a name does not end with another surname."""
    bare = name.replace(" ", "")
    return bare not in _NO_NAMES and bare[:2] not in _NO_NAMES and not (len(bare) == 3 and bare[-1] in _SURNAMES[:60])
