"""Words that tell names from other text: surnames, and words that only look like a name."""

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊"
    "葛邢安齐伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝"
    "路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿"
    "桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝娜闻赖洪傅乔易常萧阎植花谈计郁屠"
    "冀尧祖郗荆蔺练晋逄檀封储糜隗郜邰蒯扈燕郏浦庾暨居衡满匡禄阙殳蔚越夔隆晁訾阚鞠逯桓竺粟雍羿禹辜冼鲜敬淳鹿揭苍茅贲"
    "奚鄂亓朴楚邸嵇凤仉裘惠宿厉戎莘贡濮寿郦璩强原展富井松战官容占钮储汲印索班秋伊滑羊於岑栗钭嘉蓬郄斯卿"
    "漆危逢粱苻由丰巴弓牧宓扬"
)
"""Chinese surnames, the most frequent ones first."""

DOUBLE_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 夏侯 端木 百里 南宫 宇文 长孙 轩辕 司空 闻人 澹台 "
    "公冶 宗政 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 万俟 赫连 呼延 独孤 拓跋 公羊 濮阳 左丘 梁丘 谷梁 "
    "完颜 纳兰 爱新觉罗"
)

SURNAMES_AND_WORDS = "于曾向和时应成全明连解管关单包安方万经华农司车商房党费路游边师迟左"
"""Surnames that are common words, too: only a clear introduction makes a name of them."""

SELDOM_SURNAMES = "练居满越隆鲜惠强原展富井松战官容占印索班秋滑羊由丰逢危敬封揭巴扬宿储衡厉寿暨牧伊嘉贡漆粟和"
"""Signs that are surnames of few and words of all: only what can introduce nothing else makes a name of them."""

NO_NAMES = (
    "高管 高工 高中 高层 白领 金牌 黄牌 马上 温馨 石油 白天 钱款 江北 江南 江西 马路 高速 严重 金额 贺电 齐全 "
    "高级 童装 古城 文员 路人 田地 石料 范围 陈述 许多 顾客 段落 严肃 温度 汤水 金属 江边 宁愿 康复 武警 文明 "
    "符合 宋朝 黄金 沙发 吉祥 龙头 水费 高铁 高度 高温 高压 毕业 程序 程度 苏州 谢谢 沈阳 郑州 杨浦 黄浦 徐汇 "
    "陆续 雷雨 夏天 夏季 景区 荣幸 申请 冷水 白色 黑龙江 石家庄 金融 高龄 高空 马桶 简单 尚未 孔径 房东 米饭 "
    "毛病 古楼 石景山 武汉 温州 金华 牛奶 席位 盛夏 毕竟 何时 何地 何况 任何 任务 任意 成员 卫生 卫生间 "
    "麦克风 顾问 舒适 项目 项目部 姜汤 梅雨 柏油 谷物 祝您 祝好 游客 曲折 庄重 盛大 文化 钟点 苗族 回族 白族 "
    "黎族 孙女 孙子 车辆 车队 安装 何人 严厉 黄牛 黄色 金色 阳光 雷声 雷达 童工 白班 江苏 云南 马来 高兴 洪水 "
    "洪灾 常年 常常 常客 常见 常用 常规 常驻 易燃 易爆 易拉 易损 花费 花园 花钱 花草 花坛 花了 花名 植物 植树 "
    "谈话 谈判 谈过 谈好 计划 计算 计量 计生 计费 计时 计较 原来 原因 原本 原先 原有 展示 展开 强烈 强行 强制 "
    "强调 强迫 富裕 井盖 战友 官方 容易 占用 占道 占据 印象 印刷 索赔 索要 班主 班长 班车 秋天 秋季 滑倒 羊肉 "
    "居委 居家 满意 满足 练习 越来 越过 隆重 鲜花 惠民 由于 丰富 种植 种了 次日 青年 青少 布置 布料 格外 税务 "
    "税费 纳税 祖父 祖母 祖孙 祖籍 封闭 封路 储存 储户 浦东 浦西 敬请 敬老 敬礼 索引 巴士 松动 松开 厉害 寿命 "
    "屠宰 郁闷 成立 成都 成功 时常 时间 时候 时刻 方便 方式 应当 应该 管理 管道 关闭 关注 关于 全家 全部 全体 "
    "全天 单位 单方 解决 解释 包括 安全 明白 明确 连续 连夜 连日 万般 路过 商量 费用 费尽 边上 师生 迟迟 "
    "易怒 易于 易碎 易发 易涝 洪泛 洪涝 洪峰 植入 植被 植皮 常务 常态 常温 谈论 "
    "谈及 谈到 计入 计价 计件 计数 花销 花圃 花盆 郁郁"
)
"""Words that begin like a Chinese name."""

NO_NAMES_EN = (
    "not very so deeply extremely still british american english irish chinese indian water gas power electric  "
    "thames city council department housing main street road urgent please customer services service  "
    "unacceptable totally absolutely number yes no new york united national president mayor chairman chair councillor "
    "minister inspector postman speaker"
)
"""Words with a capital letter that are no part of a name."""

FIRST_NAMES = (
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony "
    "paul steven andrew kenneth joshua kevin brian george edward ronald timothy jason jeffrey ryan jacob gary "
    "nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond "
    "dennis jerry tyler aaron jose henry adam douglas nathan peter zachary kyle walter harold jeremy ethan carl "
    "keith roger gerald terry sean arthur lawrence christian joe albert noah alan ian simon martin colin graham "
    "stuart neil nigel trevor oliver harry luke liam connor callum dylan tom jim mike dave steve chris dan matt "
    "tony ben sam nick alex tim mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa "
    "nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie "
    "rebecca sharon laura cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha "
    "katherine christine debra rachel carolyn janet catherine maria heather diane julie joyce victoria kelly "
    "christina joan evelyn lauren judith olivia martha cheryl megan andrea hannah jacqueline teresa gloria sara "
    "janice ann anne jane jean alice julia judy sophia isabella charlotte lucy chloe ellie sophie claire helen "
    "louise fiona gillian lorraine kate katie jenny becky liz zoe ada mohammed muhammad mohamed ahmed ali omar "
    "hassan ibrahim fatima aisha priya raj sanjay anil sunita amit rahul juan carlos luis pedro miguel ana lucia "
    "carmen sofia jan piotr lukasz marek pavel ivan olga natalia hans klaus jurgen pierre francois marie "
    "giovanni marco giulia yuki hiroshi kenji minh nguyen tran pham kim park choi zhang wang chen liu yang huang "
    "zhao zhou xu sun zhu guo lin luo zheng liang xie tang feng deng cao peng zeng xiao"
)
"""Names of persons that are no other words; behind a word such as customer, without a colon, they tell a name."""

ANYBODY = (
    "匿名 先生 女士 市民 业主 居民 用户 客户 群众 游客 无名 未知 顾客 租客 住户 乘客 anonymous customer unknown  "
    "none n/a na test resident tenant user guest citizen caller nobody admin water power name"
)
"""What stands in the field of a name where no name is known."""

THINGS = (
    "alarm area article asset bay block bollard booth box building bus cabinet camera carriage cart catalog "
    "catalogue certificate channel charger check cheque class column container coupon course company crane "
    "customer district door drain drawing duct employee enquiry entry event fault feeder file flat floor game gate "
    "grid house hydrant index inquiry installation kiosk label lamp lamppost letter lift light list locker log "
    "machine manhole map mast meeting member membership message msg network node notice outlet page pillar pipe "
    "pipeline plan platform pole post process project pump query queue radiator record refund region report road room "
    "row sample score section sensor sheet sign site slot socket space square staff stall station stop street "
    "submission substation supply switch table tank tap tender terminal tower track trailer transformer tree "
    "trolley tunnel turbine valve vehicle vessel voucher wagon well"
)
"""What has a number of its own, which a word for number has to say."""

THINGS_ZH = (
    "杆 灯 盖 桩 柜 箱 阀 车 车辆 车厢 设施 站 站点 台区 变压器 线 管 管道 管段 泵 炉 锅炉 梯 房 房间 "
    "屋 楼 层 门 门牌 地块 宗地 图 图纸 页 章 条 款 证书 资质 登记 注册 帖 帖子 商户 网点 机 机台 罐 "
    "瓶 仓 库 船 航 列 位 泊位 摊位 窗口 标段 招标 投标 采购 文件 通知 公告 投诉 举报 反馈 报告 记录 "
    "事件 报警 警情 检测 样品 探头 摄像头 监控 传感器 节点 端子 井 路 街 树 牌 池 桥 闸"
)
"""The same in Chinese."""

CURRENCIES = (
    "usd gbp eur rmb cny hkd jpy chf aud cad sgd nzd twd mop inr krw thb myr idr vnd brl mxn zar sek nok dkk pln "
    "aed sar yuan pounds dollars euros yen rupees rs francs pesos rubles"
)
"""Before a number they make a sum of it, behind a number they have said theirs."""

KIN_ZH = (
    "家属 房东 房主 父亲 母亲 爸爸 妈妈 爸 妈 儿子 女儿 丈夫 妻子 老公 老婆 爱人 哥哥 姐姐 弟弟 妹妹 爷爷 奶奶 "
    "外公 外婆 亲属 亲戚 邻居 朋友 监护人"
)
KIN = (
    "landlord landlady mother father mum mom dad son daughter husband wife partner brother sister neighbour neighbor "
    "grandmother grandfather aunt uncle friend carer relative"
)
"""People whose number, without another word for what it numbers, is a telephone."""

ABBREVIATED = (
    "ref no nos nr num rs inv acct acc amt tel ph mob po sr sn cert reg pl doc est max min approx art para sec"
)
"""Behind these a full stop ends no sentence."""
