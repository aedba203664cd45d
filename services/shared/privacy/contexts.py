"""What the words around a number say it is: a telephone, a contract, a sum of money."""

from __future__ import annotations

import re
from typing import Literal

Label = Literal["keep", "phone", "card", "account", "identity", "passport", "health", "qq"]

_ZH: tuple[tuple[Label, str], ...] = (
    ("identity", "身份证 身份证件 证件 公民身份号码 公民身份 身份号 身份证号 身份号码 身分证 身份"),
    ("passport", "护照 通行证 回乡证 居留证 驾驶证 驾照 军官证 台胞证"),
    ("health", "医保 医保卡 社保 社保卡 社会保障"),
    ("card", "银行卡 信用卡 储蓄卡 借记卡 卡号 行卡 工资卡 银联卡 存折"),
    ("account", "银行账 银行账户 银行帐户 开户行 收款账户 收款账 打款账 退款账 对公账户 对公账 银行帐"),
    ("qq", "扣扣 企鹅"),
    (
        "phone",
        "电话 手机 联系方式 联系 致电 拨打 来电 回电 座机 固话 电联 打我 打给我 联络 传真 热线 打 呼叫 短信 机主 "
        "联系人 小灵通 微信同号 手机同号 电话同号 打电话 联系我 拨 移动 联通 电信 本机 直线 分机",
    ),
    (
        "keep",
        "合同 订单 表号 电表 水表 气表 燃气表 户号 工单 单号 编号 流水 发票 票号 案件 案号 "
        "受理 凭证 快递 运单 物流 序列 设备 型号 批号 货号 条码 条形码 产权证 房产证 文号 "
        "许可证 税号 信用代码 代码 交易 账单 缴费 用户编号 客户编号 客户号 用户号 学号 工号 "
        "保单 车架 版本 坐标 经度 纬度 读数 度数 日期 时间 金额 价格 共计 合计 总计 人民币 "
        "余额 欠费 收费 总价 总额 费用 面积 容量 产品 商品 档案 合约 协议 批次 单据 收据 "
        "项目 机器 仪表 电能表 热表 计量表 资产 标识 邮编 网址 端口 执照 备案 参考 回执 "
        "派单 工程 排队 取件 验证 批复 处方 病历 住院 门诊 挂号 航班 车次 车票 机票 座位 "
        "用电户 用水户 共 损失 赔偿 付了 交了 花了 收了 欠 ¥ £ €",
    ),
)

_EN: dict[Label, str] = {
    "identity": "ssn itin ni nino tin",
    "passport": "passport licence license",
    "health": "nhs medicare medicaid",
    "card": "card visa mastercard amex debit credit unionpay",
    "account": "iban sort bank",
    "phone": (
        "phone telephone tel mobile cell cellphone call calling ring text texting sms whatsapp fax contact reach dial "
        "landline handphone phones mob ph t telephoned called ringing callback hotline texts"
    ),
    "qq": "qq",
    "keep": (
        "case contract meter order invoice ticket reference ref policy claim receipt tracking serial model part batch "
        "sku version job request sr incident docket permit parcel bill transaction txn po asset device imei vin isbn "
        "barcode ean product item build release revision file docs document application booking reservation "
        "confirmation shipment shipping consignment registration code pin otp usd gbp eur rmb cny yuan pounds dollars "
        "total amount sum price cost paid reading readings balance account acct customer member membership employee "
        "badge staff lot unit units quote quotation estimate issue bug pr commit ein vat company duns port error msg "
        "message timestamp lat lon lng latitude longitude coordinates worksheet form flight seat train bus route zip "
        "sn s/n p/n hash warranty agreement lease deed plot property parcel work wo crm rma pnr awb refund"
    ),
}

_LATIN = {word: label for label, words in _EN.items() for word in words.split()}
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
    "here day direct anytime for by with using id"
)
_LATIN_FILLERS = frozenset(_EN_FILLERS.split())
_NUMBERED = ("号", "编号", "单号", "number", "no", "nr", "num", "nos")
_POINTING = "这那此该的个了是我"
_BLANKS = " \t\r\n:=#,.-()'\"\u201c\u201d\u2026/*;<>{}"
_LAST_WORD = re.compile(r"[a-z][a-z/']*$")
_REACH = 36
_STEPS = 6

_UNIT = re.compile(
    r"\s{0,2}(?:[元块万亿度吨斤克升米瓦℃%‰㎡㎥㎏㎞]|人民币|千瓦|立方|平方|公里|公斤|毫升|英镑|"
    r"美元|欧元|港币|日元|字节|"
    r"(?:kwh|mwh|kw|kg|km|kva|m[23²³]|rmb|cny|usd|gbp|eur|hkd|yuan|pounds?|dollars?|euros?|quid|"
    r"pence|cents?|lit(?:re|er)s?"
    r"|units?|miles?|tons?|tonnes?|metres?|meters?|gallons?|bytes?|[kmgt]b|cubic|hours?|hrs|"
    r"minutes|seconds|votes|people"
    r"|customers|views|steps|times|items|pieces|pcs|rows|records|yen|volts?|watts?|amps?|lux|db|hz)(?![a-z0-9]))",
    re.IGNORECASE,
)


def label_before(text: str, start: int) -> Label | None:
    """What the nearest word before this place says of the number that begins there."""
    tail, numbered = text[max(0, start - _REACH) : start].lower(), False
    for _ in range(_STEPS):
        tail = tail.rstrip(_BLANKS)
        word, label = _last_word(tail)
        if label is not None:
            return label
        if not word:
            break
        numbered = numbered or word in _NUMBERED
        tail = tail[: -len(word)]
    return "keep" if numbered and tail and tail[-1].isalpha() and tail[-1] not in _POINTING else None


def is_measured(text: str, end: int) -> bool:
    """Whether a unit stands after this place: then what ends here is a quantity."""
    return _UNIT.match(text, end) is not None


def _last_word(tail: str) -> tuple[str, Label | None]:
    """The last word before a number, and its meaning; no word if it does not matter."""
    if not tail:
        return "", None
    if tail[-1] <= "\x7f":
        found = _LAST_WORD.search(tail[-24:])
        word = found.group() if found else tail[-1] if tail[-1] in "$" else ""
        label = _LATIN.get(word)
        return (word, label) if label is not None or word in _LATIN_FILLERS else ("", None)
    for label, word in _CHINESE.get(tail[-1], ()):
        if tail.endswith(word):
            return "-", label
    return next((word for word in _FILLERS if tail.endswith(word)), "") if tail.endswith(_FILLERS) else "", None
