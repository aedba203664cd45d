"""Addresses of mail and the names that people have in QQ, WeChat and other services, however the sign is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.shared.privacy.marks import Found

_LOCAL = r"(?<![A-Za-z0-9_.+%-])[A-Za-z0-9_+%][A-Za-z0-9_.+%-]{0,63}"
_DOTTED = r"[A-Za-z0-9-]{1,63}(?:\s?[.\u3002]\s?[A-Za-z0-9-]{1,63}){1,8}"
_DOTTED_PLAIN = r"[A-Za-z0-9-]{1,63}(?:[.\u3002][A-Za-z0-9-]{1,63}){1,8}"
_TOP = r"(?:com|cn|net|org|edu|gov|uk|us|de|fr|eu|io|info|me|hk|tw|co|biz|vip)"
_HOUSES = r"(?:qq|foxmail|163|126|yeah|sina|sohu|139|189|gmail|hotmail|outlook|yahoo|icloud|aliyun|live|msn|googlemail)"
_NAMED = rf"{_HOUSES}(?:\s?(?:[.\u3002]|点|dot|\(dot\)|\[dot\])\s?{_TOP})?"
_SPELT = r"[A-Za-z0-9-]{1,63}(?:\s?(?:点|dot|\(dot\)|\[dot\]|\(\.\))\s?(?:[A-Za-z0-9-]{1,63})){1,4}"
_SIGN = r"(?:[(\[{<]\s?(?:at|a|@|艾特)\s?[)\]}>]|艾特|爱特|圈[aA])"

_MAIL = re.compile(rf"{_LOCAL}@{_DOTTED_PLAIN}", re.ASCII)
_LOOSE = re.compile(
    rf"{_LOCAL}\s?(?:@|{_SIGN})\s?(?:{_DOTTED_PLAIN}|{_SPELT}|{_NAMED})|{_LOCAL}\s@\s?{_DOTTED}"
    rf"|{_LOCAL}\s?[#*在]\s?{_HOUSES}\s?[.\u3002点]\s?{_TOP}(?![A-Za-z0-9])"
    rf"|(?:[A-Za-z0-9]{{1,30}}\sdot\s){{0,2}}{_LOCAL}\s{{1,3}}at\s{{1,3}}[A-Za-z0-9-]{{1,63}}(?:\s{{1,3}}dot\s{{1,3}}[A-Za-z0-9-]{{1,63}}){{0,3}}\s{{1,3}}dot\s{{1,3}}{_TOP}(?![A-Za-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_HAN = "\u4e00-\u9fff"
_LABEL = r"[^\W_](?:[^\W_]|-){0,40}"
_ABROAD = re.compile(
    rf"(?:{_LOCAL}|(?<![^\W0-9A-Za-z_](?<![是为箱址]))(?![是为])[{_HAN}]{{2,4}})@(?:{_LABEL}[.\u3002]){{1,4}}(?:[A-Za-z]{{2,12}}|中国|公司|网络|集团)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""With a domain, and perhaps a name, in other letters than those of ASCII."""

_LOOSE_SIGN = re.compile(
    r"@|艾特|爱特|圈a|[(\[{<]\s?at?\s?[)\]}>]|[#*]\s?(?:qq|1[62]|gm|ho|ou|si|so|fo|ya)|\sat\s.{1,64}dot|点c"
)

_JOIN = r"(?:\s|[:=,;!'\"\u201c\u201d\u300c\u3010()\[\]是为就搜加叫-]|号码?|账号|帐号|id|名|同|is|number|no\.?|群){0,6}"
_QQ = re.compile(
    rf"(?:(?<![a-z])q\s?q|扣扣|球球|企鹅号?|秋秋|(?<![a-z])q号|加q|我的?q){_JOIN}([1-9][0-9]{{4,11}})(?![0-9])", re.I
)
_WECHAT = r"(?:微信|微 信|威信|薇信|徽信|维信|(?<![a-z])vx|(?<![a-z])wx|wechat|we chat|weixin|v信|加v|加微|\+v|卫星号)"
_ID = r"([A-Za-z][A-Za-z0-9_-]{4,19}[A-Za-z0-9_]?|[0-9][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_@])"
_STRONG = re.compile(r"[:=]|号|id|账|帐|是|为|加|搜", re.I)
_AT_WECHAT = re.compile(rf"{_WECHAT}({_JOIN}){_ID}", re.I)
_V = re.compile(
    r"(?<![A-Za-z0-9_.?&/-])v\s?:\s?((?=[A-Za-z_-]{1,19}[0-9]|[A-Za-z-]{1,18}_)[A-Za-z][A-Za-z0-9_-]{5,19})"
    r"(?![A-Za-z0-9_@.])",
    re.I,
)
_WXID = re.compile(r"wxid_[a-z0-9]{6,30}", re.I)
_OTHERS = re.compile(
    r"(?:telegram|whatsapp|line id|skype|instagram|snapchat|twitter|facebook|signal|discord"
    r"|微博|抖音|快手|小红书|支付宝|钉钉|淘宝|旺旺|陌陌)"
    rf"({_JOIN})(@?[A-Za-z][A-Za-z0-9_.-]{{3,30}}[A-Za-z0-9_])(?![A-Za-z0-9_@])",
    re.I,
)
_SIGNS_OF_MAIL = ("@", "艾特", "爱特", "圈a", "(", "[", "{", "<", "#", "*", "dot", "点c")
_SIGNS_OF_HANDLES = ("qq", "q q", "扣扣", "球球", "企鹅", "秋秋", "q号", "加q", "我q", "我的q")
_SIGNS_OF_WECHAT = ("信", "vx", "wx", "wechat", "we chat", "weixin", "加v", "+v", "卫星号", "加微")
_SIGNS_OF_OTHERS = (
    *("telegram", "whatsapp", "line id", "skype", "instagram", "snapchat", "twitter", "facebook", "signal", "discord"),
    *("微博", "抖音", "快手", "小红书", "支付宝", "钉钉", "淘宝", "旺旺", "陌陌"),
)


def found_in(text: str, lowered: str) -> Iterator[Found]:
    """Every address of mail and every such name in this text."""
    if any(sign in lowered for sign in _SIGNS_OF_MAIL):
        yield from _mails(text, lowered)
    if any(sign in lowered for sign in _SIGNS_OF_HANDLES):
        yield from (Found(m.start(1), m.end(1), "qq") for m in _QQ.finditer(text))
    if any(sign in lowered for sign in _SIGNS_OF_WECHAT):
        yield from _wechats(text)
    if "v:" in lowered or "v :" in lowered:
        yield from (Found(m.start(1), m.end(1), "wechat") for m in _V.finditer(text))
    if any(sign in lowered for sign in _SIGNS_OF_OTHERS):
        yield from (Found(m.start(2), m.end(2), "handle") for m in _OTHERS.finditer(text) if _is_told(m[1], m[2]))


def _mails(text: str, lowered: str) -> Iterator[Found]:
    if "@" in text and not text.isascii():
        yield from (Found(m.start(), m.end(), "mail") for m in _ABROAD.finditer(text))
    if "@" in text:
        yield from (Found(m.start(), m.end(), "mail") for m in _MAIL.finditer(text))
    if _LOOSE_SIGN.search(lowered):
        yield from (Found(m.start(), m.end(), "mail") for m in _LOOSE.finditer(text))


def _wechats(text: str) -> Iterator[Found]:
    for found in _AT_WECHAT.finditer(text):
        if _is_told(found[1], found[2]):
            yield Found(found.start(2), found.end(2), "wechat")
    yield from (Found(m.start(), m.end(), "wechat") for m in _WXID.finditer(text))


def _is_told(joint: str, name: str) -> bool:
    """Whether this is somebody's name there and not the next word: it looks like one, or a sign announces it."""
    looks_like_one = any(sign.isdigit() or sign in "_@" for sign in name)
    return looks_like_one or (_STRONG.search(joint) is not None and name.lower() not in _WORDS)


_WORDS = frozenset(
    [
        "payment",
        "support",
        "account",
        "working",
        "broken",
        "number",
        "message",
        "messages",
        "please",
        "transfer",
        "official",
        "service",
        "public",
        "because",
        "wechat",
        "alipay",
        "mobile",
        "should",
        "cannot",
        "failed",
        "error",
        "group",
        "official",
        "login",
        "online",
        "phone",
    ]
)
