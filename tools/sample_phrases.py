"""What can happen in the sample year: to whom, how often in a community's year, in which words, with which facts."""

from __future__ import annotations

from dataclasses import dataclass

COMMUNITIES = (
    "韶山路",
    "枫树岸",
    "梓园",
    "侯家塘",
    "麻园湾",
    "广济桥",
    "湘农桥",
    "电院",
    "水院",
    "活力",
    "廖家湾",
    "泉塘",
)
# How much goes wrong where: a multiple of the ordinary rate, in the order of the communities.
CARE = (0.7, 1.0, 0.45, 0.8, 1.2, 0.9, 1.35, 0.6, 0.75, 1.9, 1.1, 0.85)
VETOED, CAPPED, PENDING_AT = "水院", "活力", "泉塘"
TIED = ("枫树岸", "侯家塘")
TIED_SPECIAL_PROJECT = "3.18"  # chosen so that the two of TIED have the same total of the year
WITHOUT_MARKET = ("梓园", "电院", "水院")
ALONG_THE_CANAL = ("侯家塘", "湘农桥", "广济桥", "活力")

COLUMNS = {
    "id": "编号",
    "date": "日期",
    "period": "所属期",
    "subject": "社区",
    "clause": "条款",
    "kind": "类型",
    "count": "数量",
    "level": "级别",
    "value": "数值",
    "benchmark": "对照值",
    "part": "分项",
    "matter": "事项",
    "status": "状态",
    "note": "备注",
    "recorded": "记录时间",
    "counters": "冲销",
}


@dataclass(frozen=True, kw_only=True)
class Ordinary:
    """How records under one clause look; `rate` is the expected number in an ordinary community's year."""

    rate: float
    note: str
    levels: tuple[str, ...] = ()
    level_share: float = 0.12
    values: tuple[str, ...] = ()
    matter: bool = False
    once: bool = False
    several: bool = False


_EFFECT = ("不良影响",)


def _effect(rate: float, note: str) -> Ordinary:
    return Ordinary(rate=rate, note=note, levels=_EFFECT)


CLAUSES: dict[str, Ordinary] = {
    "CG-A1": Ordinary(rate=2, note="日常任务未按要求完成", several=True),
    "CG-A3": Ordinary(rate=1.5, note="网格通任务未按要求完成"),
    "CG-A4": Ordinary(rate=0.4, note="新建违法建设未上报", matter=True),
    "CG-A6": Ordinary(rate=0.3, note="不服从工作安排造成不良影响"),
    "CG-B2": Ordinary(rate=0.15, note="示范小区建设未按要求完成", once=True),
    "CG-B3": Ordinary(rate=0.2, note="垃圾分类暗访中被通报"),
    "CG-B4": Ordinary(rate=1, note="垃圾分类日常任务未完成"),
    "HB-A1": Ordinary(rate=0.12, note="污染清单未编制", once=True),
    "HB-A3": Ordinary(rate=0.6, note="辖区垃圾焚烧", several=True),
    "HB-A4": Ordinary(rate=0.4, note="发现使用散煤炉具"),
    "HB-A5": Ordinary(rate=0.2, note="网格化监管不落实，街道被扣分"),
    "HB-A6": Ordinary(rate=0.08, note="污染源普查逾期，街道被扣分"),
    "HB-A7": Ordinary(rate=1, note="环保日常任务未完成"),
    "HB-B1": Ordinary(rate=0.7, note="环保信访件处置不合要求"),
    "HB-B2": Ordinary(rate=0.2, note="环保工作上负面清单"),
    "JS-1": Ordinary(rate=2, note="数据报送不及时", several=True),
    "JS-2": Ordinary(rate=2, note="派单核实不及时"),
    "JS-3": Ordinary(rate=0.8, note="沿线隐患上报不及时"),
    "JS-4": Ordinary(rate=1.5, note="建设口日常任务未按时完成"),
    "WY-1": Ordinary(rate=1.4, note="公共收益未公示", several=True),
    "WY-2": Ordinary(rate=0.3, note="业主委员会选举逾期"),
    "WY-3": Ordinary(rate=0.5, note="物业日常任务未完成"),
    "WZ-1": Ordinary(rate=0.1, note="整组工作未完成", once=True),
    "WZ-2": Ordinary(rate=0.08, note="基干民兵编兵未完成", once=True),
    "WZ-3": Ordinary(rate=0.08, note="民兵训练未完成", once=True),
    "SC-2": Ordinary(rate=0.2, note="食安督查中被扣分", levels=("市", "区"), level_share=1, matter=True),
    "SC-3": Ordinary(rate=0.1, note="迎国检中被检查发现问题", levels=("市", "区", "区"), level_share=1, matter=True),
    "SC-4": Ordinary(rate=2.5, note="电梯安全检查发现问题", several=True),
    "TJ-1": _effect(0.6, "人口普查资料不合要求"),
    "TJ-2": Ordinary(rate=0.8, note="四下劳资迟报", several=True),
    "TJ-3": _effect(0.4, "四上企业进出框资料不合要求"),
    "LY-1": _effect(0.6, "楼宇台账不全"),
    "JR-4": _effect(0.4, "临时性工作未完成"),
    "MZ-1": Ordinary(rate=0.8, note="民政事务未按要求完成"),
    "MZ-2": Ordinary(rate=0.2, note="高龄津贴发放失误"),
    "TY-1": _effect(0.3, "退役军人投诉未按时办结"),
    "JY-1": Ordinary(rate=0.3, note="提供超前教学线索并查实", matter=True),
    "JY-4": Ordinary(rate=0.1, note="教育投诉一件，已办结"),
    "JY-5": Ordinary(rate=0.15, note="有偿补课线索查实并处分"),
    "JY-6": Ordinary(rate=0.12, note="疑似失学儿童核查未开展", once=True),
    "JY-7": Ordinary(rate=0.2, note="被通报失学儿童一例"),
    "WJ-5": Ordinary(rate=0.15, note="防控措施不到位被通报"),
    "XC-1": Ordinary(rate=0.08, note="较大负面舆情造成不良影响", matter=True),
    "XC-2": Ordinary(rate=0.08, note="舆情处置不及时造成不良影响"),
    "XC-3": Ordinary(rate=0.04, note="电视媒体曝光较大负面新闻", matter=True),
    "XC-5": Ordinary(rate=1, note="转发跟评不及时"),
    "XC-7": Ordinary(rate=0.12, note="宣讲活动未完成"),
    "XC-8": Ordinary(rate=0.1, note="社会宣传问题被通报"),
    "QT-1": Ordinary(rate=0.4, note="工会采集任务未完成"),
    "QT-2": Ordinary(rate=0.4, note="团费收缴未完成"),
    "QT-3": Ordinary(rate=0.5, note="妇联基础工作未按时完成"),
    "QT-4": Ordinary(rate=0.4, note="人才工作未完成"),
    "ZH-1": _effect(0.5, "决策落实未按要求"),
    "ZH-2": _effect(0.4, "办公秩序不合要求"),
    "ZH-3": _effect(0.5, "会议迟到"),
    "ZH-4": _effect(0.3, "档案未按时归档"),
    "ZH-5": _effect(0.2, "保密检查发现问题"),
    "ZH-6": _effect(0.3, "会务准备不到位"),
    "ZH-7": _effect(0.3, "被督查书面通报批评"),
    "WM-1": Ordinary(rate=0.15, note="省检中出现扣分情形"),
    "WM-2": Ordinary(rate=0.3, note="不礼让斑马线被通报"),
    "LZ-1": Ordinary(rate=0.05, note="工作人员被立案查处"),
    "LZ-2": Ordinary(rate=0.1, note="纪检信息全年无上稿", once=True),
    "LZ-3": Ordinary(rate=0.3, note="上交资料不及时"),
    "LZ-4": Ordinary(rate=0.4, note="督查发现违反上下班纪律"),
    "RX-1": Ordinary(rate=0.8, note="回访不满意工单", levels=("申诉中", "申诉成功", "申诉不成功"), level_share=0.7),
    "RD-1": Ordinary(rate=0.3, note="统战资料报送欠缺", values=("0.1", "0.2", "0.3")),
    "ZW-1": Ordinary(rate=0.4, note="工作人员原因的投诉"),
    "ZW-2": Ordinary(rate=0.15, note="办件监察红牌"),
    "SB-1": Ordinary(rate=0.5, note="社保任务一项未完成"),
    "JZ-1": Ordinary(rate=0.6, note="漏保一户"),
    "JZ-2": Ordinary(rate=0.3, note="救助投诉属实"),
    "CW-1": Ordinary(rate=0.6, note="迎检资料配合不到位"),
    "ZX-1": Ordinary(rate=0.3, note="专项经费列支不合规定"),
    "DJ-5": Ordinary(rate=1, note="党建任务未按要求完成"),
    "DJ-6": Ordinary(rate=0.1, note="任务多次出现明显错误", values=("0.1", "0.2")),
}

INCIDENTS: tuple[tuple[str, float, str, dict[str, str]], ...] = (
    ("ticket", 1.6, "工单回访不满意", {"x_visit": "不满意"}),
    ("ticket", 1.2, "工单回访不满意，申诉不成功", {"x_visit": "不满意", "level": "申诉不成功"}),
    ("ticket", 0.7, "工单回访不满意，申诉成功", {"x_visit": "不满意", "level": "申诉成功"}),
    ("ticket", 0.3, "工单回访不满意，申诉中", {"x_visit": "不满意", "level": "申诉中"}),
    ("ticket", 4, "工单回访满意", {"x_visit": "满意"}),
    ("case", 1.2, "数字城管案卷超时", {"level": "超时"}),
    ("case", 0.5, "数字城管案卷返工回退", {"level": "返工回退"}),
    ("case", 3, "数字城管案卷按时办结", {"level": "正常"}),
    ("bulletin", 0.3, "城市管理问题被区通报", {"level": "区", "x_topic": "城市管理"}),
    ("bulletin", 0.15, "垃圾分类被市通报", {"level": "市", "x_topic": "垃圾分类"}),
    ("bulletin", 0.05, "环境保护工作不力被区通报", {"level": "区", "x_topic": "环境保护"}),
    ("bulletin", 0.2, "食品安全被区通报", {"level": "区", "x_topic": "食品安全"}),
    ("bulletin", 0.1, "迎国检食品安全被区通报", {"level": "区", "x_topic": "食品安全", "x_campaign": "迎国检"}),
    ("bulletin", 0.2, "物业检查被市通报", {"level": "市", "x_topic": "物业管理", "x_effect": "不良影响"}),
    ("bulletin", 0.3, "街道书面通报批评", {"level": "街道", "x_topic": "其他", "x_written": "是"}),
    ("bulletin", 0.3, "区通报表扬性材料，不涉及扣分", {"level": "区", "x_topic": "其他"}),
    ("inspection", 1.2, "区对街督查文明创建扣分", {"level": "区", "x_topic": "文明创建", "x_scored": "是"}),
    ("inspection", 0.8, "区对街督查文明创建未扣分", {"level": "区", "x_topic": "文明创建", "x_scored": "否"}),
    ("inspection", 0.5, "餐饮油烟督查扣分", {"level": "区", "x_topic": "餐饮油烟", "x_scored": "是"}),
    ("inspection", 0.6, "电梯安全实地检查发现问题", {"level": "区", "x_topic": "电梯安全"}),
    ("inspection", 0.1, "残疾人两项补贴失误", {"level": "街道", "x_topic": "民政事务", "x_subsidy": "残疾人两项补贴"}),
    ("media", 0.1, "城市管理问题被媒体曝光", {"level": "市", "x_topic": "城市管理"}),
    ("media", 0.15, "不文明行为被媒体曝光", {"level": "区", "x_topic": "不文明行为"}),
    ("lead", 0.3, "无证办学查处并处罚", {"x_finding": "无证办学", "x_penalised": "是"}),
    ("lead", 0.15, "住宅小区无证办学查处并处罚", {"x_finding": "无证办学", "x_penalised": "是", "x_place": "住宅小区"}),
    ("lead", 0.2, "超前教学线索待查", {"x_finding": "超前教学", "x_verified": "否"}),
)

BONUSES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("JF-1", "通报表彰", ("国家", "省", "市", "区"), ()),
    ("JF-2", "先进事迹被媒体推介", ("全国", "省", "市"), ()),
    ("JF-3", "网络媒体报道一篇", (), ()),
    ("JF-4", "会议上作典型发言", ("省", "市", "区"), ()),
    ("JF-5", "领导批示表扬", ("市", "区"), ()),
    ("JF-6", "其他加分项目，会议研究确定", (), ("0.5", "1", "1.5")),
)
