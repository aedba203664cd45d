"""The kind of a number by the words around it: a telephone, a contract, a sum of money."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from schemas.references import SUBJECT
from services.shared.privacy.words import ABBREVIATED, CURRENCIES, KIN, KIN_ZH, THINGS, THINGS_ZH

Label = Literal["keep", "phone", "card", "account", "ledger", "identity", "passport", "health", "qq", "device"]
"""`account` is one at a bank; a `ledger` may be anybody's: a bank's, a shop's, the water company's."""

_ZH: tuple[tuple[Label, str], ...] = (
    ("identity", "身份证 身份证件 证件 公民身份号码 公民身份 身份号 身份证号 身份号码 身分证 身份"),
    ("passport", "护照 通行证 回乡证 居留证 驾驶证 驾照 军官证 台胞证"),
    ("health", "医保 医保卡 社保 社保卡 社会保障"),
    ("card", "银行卡 信用卡 储蓄卡 借记卡 卡号 行卡 工资卡 银联卡 存折"),
    ("account", "银行账 银行账户 银行帐户 开户行 收款账户 收款账 打款账 退款账 对公账户 对公账 银行帐 行账 行帐"),
    ("ledger", "账 帐 账户 帐户"),
    ("device", "串号 串码"),
    ("qq", "扣扣 企鹅"),
    (
        "phone",
        "电话 手机 联系方式 联系 致电 拨打 来电 回电 座机 固话 电联 打我 打给我 联络 传真 热线 打 呼叫 短信 机主 "
        "联系人 宅电 小灵通 微信同号 手机同号 电话同号 打电话 联系我 拨 移动 联通 电信 本机 直线 分机",
    ),
    (
        "keep",
        "合同 订单 表号 电表 水表 气表 燃气表 户号 工单 单号 编号 流水 发票 票号 案件 案号 "
        "受理 凭证 快递 运单 物流 序列 设备 型号 批号 货号 条码 条形码 产权证 房产证 文号 "
        "许可证 税号 信用代码 代码 交易 账单 缴费 用户编号 客户编号 客户号 用户号 学号 工号 "
        "保单 车架 版本 坐标 经度 纬度 读数 度数 日期 时间 金额 价格 共计 合计 总计 "
        "余额 欠费 收费 总价 总额 费用 面积 容量 产品 商品 档案 合约 协议 批次 单据 收据 "
        "项目 机器 仪表 电能表 热表 计量表 资产 标识 邮编 网址 端口 执照 备案 参考 回执 "
        "派单 工程 排队 取件 验证 批复 处方 病历 住院 门诊 挂号 航班 车次 车票 机票 座位 "
        "用电户 用水户 共 损失 赔偿 付了 交了 花了 收了 欠",
    ),
)

_EN: dict[Label, str] = {
    "identity": "ssn itin ni nino tin social",
    "passport": "passport licence license",
    "health": "nhs medicare medicaid",
    "card": "card visa mastercard amex debit credit unionpay",
    "account": "iban sort bank",
    "ledger": "account acct",
    "device": "imei meid",
    "phone": (
        "phone telephone tel mobile cell cellphone call calling ring text texting sms whatsapp fax contact reach dial "
        "landline handphone phones mob ph t telephoned called ringing callback hotline texts"
    ),
    "qq": "qq",
    "keep": (
        "case contract meter order invoice ticket reference ref policy claim receipt tracking serial model part batch "
        "sku version job request sr incident docket permit parcel bill transaction txn po asset device vin mpan mprn "
        "isbn barcode ean product item build release revision file docs document application booking reservation "
        "confirmation shipment shipping consignment registration code pin otp "
        "total amount sum price cost paid reading readings balance badge lot unit units quote quotation estimate "
        "issue bug pr commit ein vat duns port error timestamp lat lon lng latitude longitude coordinates "
        "worksheet form flight seat train bus route zip "
        "sn s/n p/n hash warranty agreement lease deed plot property parcel wo crm rma pnr awb"
    ),
}

_PHRASES: dict[str, Label] = {
    "social security": "identity",
    "bank account": "account",
    "bank acct": "account",
    "bank a/c": "account",
}
_LATIN = {word: label for label, words in _EN.items() for word in words.split()} | _PHRASES
_ZH_WORDS = [(label, word) for label, words in _ZH for word in words.split()]
_LASTS = {word[-1] for _, word in _ZH_WORDS}
_CHINESE = {last: [(label, word) for label, word in _ZH_WORDS if word[-1] == last] for last in _LASTS}
"""The words by what they end with."""

_FILLERS = (
    *(
        "号码",
        "编号",
        "单号",
        "号",
        "码",
        "是",
        "为",
        "的",
        "我",
        "您",
        "请",
        "在",
        "吧",
        "一下",
        "了",
        "叫",
        "或",
        "者",
        "和",
        "及",
    ),
    *(
        "找",
        "给",
        "有",
        "加",
        "本人",
        "：",
        "：",
        "“",
        "「",
        "【",
        "《",
        "。",
        "，",
        "、",
        "他",
        "她",
        "们",
        "这个",
        "这",
    ),
)
_EN_FILLERS = (
    "on at me my is number no nr num numbers us back the to via under or are was his her our their nos a please him "
    "them new old home other second same private personal own daytime evening correct current usual digits ending "
    "here day direct anytime for by with using id ids"
)
_LATIN_FILLERS = frozenset(_EN_FILLERS.split())
_NUMBERED = ("号", "号码", "number", "no", "nr", "num", "nos", "id", "ids")
_SUMS = (
    "total amount sum price cost paid readings reading balance 金额 价格 计 数 余额 欠费 收费 总价 总额 费用 共 面积"
)
_ANNOUNCE = (*_NUMBERED, *_SUMS.split())
"""Behind these, a number may come after a comma."""

_PERSONS = frozenset(
    ("me", "us", "him", "her", "them", "my", "our", "your", "his", "their", "我", "您", "他", "她", "本人")
)
"""Between a number and what has numbers, they say that the number is theirs."""

_THINGS, _THINGS_ZH = frozenset((SUBJECT, *THINGS.split())), tuple(THINGS_ZH.split())
_KIN, _KIN_ZH = frozenset(f"{who}'s" for who in KIN.split()), tuple(KIN_ZH.split())
_ABBREVIATED = frozenset(ABBREVIATED.split())
_CURRENCIES = frozenset(CURRENCIES.split())
_CURRENCIES_ZH = ("人民币", "美元", "美金", "欧元", "英镑", "港币", "港元", "日元", "韩元", "台币", "卢布", "法郎")
_BLANKS = " \t\r\n:=#,.-()'\"\u201c\u201d\u2026/*;<>{}_"
_LAST_WORD = re.compile(r"(?:social (?=security$)|bank (?=(?:acc(?:oun)?t|a/c)$))?[a-z][a-z/']*$")
_PARTING = re.compile("[,;] |[^\x00-\x7f] ?[,;]")
"""A comma that parts a sentence, and not the cells of a table."""
_STOP = re.compile(r"[)\"]?\.\s")
"""A full stop."""

_REACH = 36
_STEPS = 6

_UNIT = re.compile(
    r"\s{0,2}(?:[块亿吨斤克瓦円圆℃%‰㎡㎥㎏㎞]|元(?![旦宵])|万(?![一分])|度(?!假)|升(?!级)|米(?!饭)|"
    r"[$\u00a2-\u00a5\u20a0-\u20cf￥](?!\s?[0-9])|"
    r"人民币|千瓦|立方|平方|公里|公斤|毫升|英镑|"
    r"美元|美金|欧元|港币|港元|日元|韩元|台币|卢布|法郎|字节|"
    r"(?:kwh|mwh|kw|kg|km|kva|m[23²³]|rmb|cny|usd|gbp|eur|hkd|jpy|chf|aud|cad|sgd|inr|"
    r"yuan|pounds?|dollars?|euros?|quid|bucks|rupees|rs|francs|"
    r"pence|cents?|lit(?:re|er)s?"
    r"|units?|miles?|tons?|tonnes?|metres?|meters?|gallons?|bytes?|[kmgt]b|cubic|hours?|hrs|"
    r"minutes|seconds|votes|people"
    r"|customers|views|steps|times|items|pieces|pcs|rows|records|yen|volts?|watts?|amps?|lux|db|hz)(?![a-z0-9]))",
    re.IGNORECASE,
)


def label_before(text: str, start: int) -> Label | None:
    """What the nearest word before this place says of the number that begins there."""
    tail, numbered, theirs = text[max(0, start - _REACH) : start].lower(), False, False
    for _ in range(_STEPS):
        bare = tail.rstrip(_BLANKS)
        # Behind a comma something else begins: "the meter, 138...", but not in "meter no, 138..." or "total, 138...".
        theirs = theirs or not (numbered or bare.endswith(_ANNOUNCE) or not _is_parted(tail, len(bare)))
        tail = bare
        word, label = _last_word(tail)
        if label is not None:
            return None if label == "keep" and theirs else label
        if not word:
            break
        theirs = theirs or word in _PERSONS or (word == "。" and not tail[:-1].endswith(_ANNOUNCE))
        numbered = numbered or word in _NUMBERED
        tail = tail[: -len(word)]
    if not numbered or not tail:
        return None
    return "phone" if _is_kin(tail) else "keep" if not theirs and _is_a_thing(tail) else None


def is_measured(text: str, end: int) -> bool:
    """Whether a unit stands after this place: then what ends here is a quantity."""
    return _UNIT.match(text, end) is not None


def _is_parted(tail: str, end: int) -> bool:
    """Whether a sentence ends, or a comma stands, behind the word that ends here."""
    if _PARTING.search(tail, end - 1) is not None:
        return True
    found = _LAST_WORD.search(tail[max(0, end - 24) : end])
    return _STOP.match(tail, end) is not None and (found is None or found[0] not in _ABBREVIATED)


def _is_kin(tail: str) -> bool:
    """Whether the word before a word for number names a person whose number can only be a telephone."""
    return tail.endswith(_KIN_ZH) or ((found := _LAST_WORD.search(tail[-24:])) is not None and found[0] in _KIN)


def _is_a_thing(tail: str) -> bool:
    """Whether the word before a word for number names something that has numbers and is nobody."""
    return tail.endswith(_THINGS_ZH) or ((found := _LAST_WORD.search(tail[-24:])) is not None and found[0] in _THINGS)


def _last_word(tail: str) -> tuple[str, Label | None]:
    """The last word before a number, and its meaning; no word if it does not matter."""
    if not tail:
        return "", None
    money = _currency(tail)
    if money:
        # Behind a sum it is that sum's, and says nothing of the number after it.
        return ("", None) if tail[: -len(money)].rstrip()[-1:].isdigit() else (money, "keep")
    if tail[-1] <= "\x7f":
        found = _LAST_WORD.search(tail[-24:])
        word = found.group() if found else ""
        label = _LATIN.get(word)
        return (word, label) if label is not None or word in _LATIN_FILLERS else ("", None)
    for label, word in _CHINESE.get(tail[-1], ()):
        if tail.endswith(word):
            return "-", label
    return next((word for word in _FILLERS if tail.endswith(word)), "") if tail.endswith(_FILLERS) else "", None


def _currency(tail: str) -> str:
    """The currency that a text ends with, as a sign or as a word."""
    if tail[-1] <= "\x7f" and tail[-1].isalpha():
        found = _LAST_WORD.search(tail[-24:])
        return found[0] if found and found[0] in _CURRENCIES else ""
    if unicodedata.category(tail[-1]) == "Sc":
        return tail[-1]
    return next((word for word in _CURRENCIES_ZH if tail.endswith(word)), "")
