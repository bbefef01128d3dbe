"""Make the sample year of houjiatang-2020: invented records of all kinds, the same bytes for the same seed.

    python tools/make_sample_year.py            writes rulebooks/houjiatang-2020/sample/2020.csv
    python tools/make_sample_year.py --print    writes it to standard output

Nothing in it happened: every note begins with 示例, and no person is named.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

from sample_phrases import (
    ALONG_THE_CANAL,
    BONUSES,
    CAPPED,
    CARE,
    CLAUSES,
    COLUMNS,
    COMMUNITIES,
    INCIDENTS,
    PENDING_AT,
    TIED,
    TIED_SPECIAL_PROJECT,
    VETOED,
    WITHOUT_MARKET,
    Ordinary,
)

SEED = 2020
TARGET = Path(__file__).resolve().parent.parent / "rulebooks" / "houjiatang-2020" / "sample" / "2020.csv"


@dataclass(eq=False)
class Row:
    """A record before it has an id."""

    date: date
    subject: str
    cells: dict[str, str] = field(default_factory=dict)
    counters: Row | None = None


class Year:
    """The records of the year as they are made up."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: list[Row] = []
        self.matters = 0

    def add(self, day: date, community: str, note: str, *, counters: Row | None = None, **cells: str) -> Row:
        """Write down one record."""
        row = Row(day, f"{community}社区", {**cells, "note": f"示例：{note}"}, counters)
        self.rows.append(row)
        return row

    def day(self, month: int = 0) -> date:
        """Return a day of this month, or of any."""
        first = date(2020, month or self.random.randint(1, 12), 1)
        return first + timedelta(days=self.random.randint(0, 27))

    def matter(self) -> str:
        """Return the name of a new matter."""
        self.matters += 1
        return f"示例事项{self.matters:04d}"

    def times(self, rate: float) -> int:
        """Return how often something with this expected number happens."""
        whole = int(rate)
        return whole + (self.random.random() < rate - whole)


def month_after(month: int, day: int) -> date:
    """Return this day of the month that follows."""
    return date(2021, 1, day) if month == 12 else date(2020, month + 1, day)


def duties(year: Year) -> None:
    """Make what is due each month: accounts, articles, inspections, and the monthly figures."""
    draw = year.random
    for community, care in zip(COMMUNITIES, CARE, strict=True):
        for month in range(1, 13):
            period = f"2020-{month:02d}"
            late = draw.random() < 0.04 * care
            excused = draw.random() < 0.02
            if draw.random() > 0.01 * care:
                handed_in = month_after(month, draw.randint(16, 22) if late or excused else draw.randint(5, 15))
                reason = {"level": "有故"} if excused else {}
                year.add(handed_in, community, "交来上月财务资料", clause="CW-2", period=period, **reason)
            if draw.random() > 0.05 * care:
                excuse = {"level": "有故"} if draw.random() < 0.02 else {}
                year.add(year.day(month), community, "排查企业台账一次", clause="JR-1", **excuse)
            if draw.random() > 0.05 * care:
                year.add(year.day(month), community, "党建信息一篇", clause="DJ-4")
                if draw.random() > 0.08 * care:
                    year.add(year.day(month), community, "党建信息又一篇", clause="DJ-4")
            else:
                year.add(year.day(month), community, "党建信息两篇", clause="DJ-4", count="2")
            rate = min(99, max(35, round(draw.gauss(90 - 6 * care, 9))))
            year.add(month_after(month, 3), community, "湿垃圾收运率", clause="CG-B1", period=period, value=f"{rate}%")
            district = 900 + 10 * month
            mean = str(district + draw.randint(-20 if care > 1 else -4, 90))
            note = "学习强国人均积分"
            year.add(
                month_after(month, 4),
                community,
                note,
                clause="XC-9",
                period=period,
                value=mean,
                benchmark=str(district),
            )
        for month in (2, 5, 8, 11):
            if draw.random() > 0.06 * care:
                year.add(year.day(month), community, "线索集中摸排一次", clause="SH-1")
        year.add(year.day(6), community, "打击非法集资宣传活动", clause="JR-2")
        for _ in range(draw.randint(2 if care > 1 else 5, 8)):
            year.add(year.day(), community, "媒体上稿一篇", clause="XC-4")


def findings(year: Year) -> None:
    """Make what outside bodies find once a year, except what is left pending on purpose."""
    draw = year.random
    for number, (community, care) in enumerate(zip(COMMUNITIES, CARE, strict=True), start=1):

        def judged(clause: str, note: str, *, who: str = community, **cells: str) -> None:
            year.add(date(2020, 12, 28), who, note, clause=clause, period="2020", **cells)

        grade = draw.choices(("优秀", "良好", "合格", "不合格"), (40, 40, 15 * care, 3 * care))[0]
        judged("AQ-1", "安全生产年度评定", level=grade)
        if community != PENDING_AT:  # these two are what the standing of this community waits for
            judged("XC-6", "网评指令完成率", value=f"{draw.choice((100, 98, 95, 92, 90, 88, 84, 79))}%")
            judged("WJ-1", "无偿献血任务", level="完成")
        judged("XC-10", "党报党刊征订完成率", value=f"{draw.choice((100, 100, 96, 92, 90, 85, 72, 68))}%")
        judged("WJ-2", "孕前优生检查完成率", value=f"{draw.choice((104, 100, 100, 97, 92, 90, 86))}%")
        judged("WJ-3", "两癌筛查完成率", value=f"{draw.choice((110, 100, 100, 95, 91, 89))}%")
        judged("WJ-4", "符合政策生育率", value=f"{draw.choice((99, 98, 97, 96, 94, 90)) - (6 if care > 1.5 else 0)}%")
        for part in ("日常", "社区测评", "书记测评"):
            judged("DJ-1", f"党建考核{part}", part=part, value=str(draw.randint(84, 97) + draw.randint(0, 3) / 4))
        judged("WG-1", "网格化量化考评得分", value=str(draw.randint(82, 98) + draw.randint(0, 3) / 4))
        judged("ZZ-1", "平安建设考核得分", value=str(draw.randint(85, 98)))
        if community in WITHOUT_MARKET:
            judged("SC-5", "辖区没有农贸市场", level="不适用")
        else:
            judged("SC-5", "农贸市场管理考核得分", value=str(draw.randint(78, 97)))
        score = TIED_SPECIAL_PROJECT if community == TIED[1] else str(draw.randint(36, 50) / 10)
        judged(f"LD-{number}", "重点工作评分", value=score)
        for clause, note in (
            ("CY-1", "产业发展评分"),
            ("SH-2", "扫黑除恶评分"),
            ("JD-1", "禁毒评分"),
            ("XF-1", "信访评分"),
        ):
            if draw.random() < 0.35:
                judged(clause, note, value=draw.choice(("2", "1.9", "1.8", "1.7")))


def ordinary(year: Year) -> None:
    """Make what goes wrong or well under a clause, each clause at least once in the year."""
    for place, (clause, what) in enumerate(CLAUSES.items()):
        for number, (community, care) in enumerate(zip(COMMUNITIES, CARE, strict=True)):
            if clause == "JS-3" and community not in ALONG_THE_CANAL:
                continue
            times = year.times(what.rate * care)
            if not times and place % len(COMMUNITIES) == number and clause != "JS-3":
                times = 1
            for _ in range(min(times, 1) if what.once else times):
                one(year, community, clause, what)
    for community in ("韶山路", "梓园"):
        year.add(year.day(3), community, "不在红旗渠沿线", clause="JS-3", level="不适用")


def one(year: Year, community: str, clause: str, what: Ordinary) -> Row:
    """Make one record under this clause."""
    draw = year.random
    cells = {"clause": clause}
    if what.levels and draw.random() < what.level_share:
        cells["level"] = draw.choice(what.levels)
    if what.values:
        cells["value"] = draw.choice(what.values)
    if what.matter:
        cells["matter"] = year.matter()
    if what.several and draw.random() < 0.15:
        cells["count"] = "2"
    return year.add(year.day(), community, what.note, **cells)


def incidents(year: Year) -> None:
    """Make raw incidents, which the rules of the rulebook put under a clause, or not."""
    for kind, rate, note, cells in INCIDENTS:
        for number, (community, care) in enumerate(zip(COMMUNITIES, CARE, strict=True)):
            times = year.times(rate * care) or int(rate < 0.5 and number == len(note) % len(COMMUNITIES))
            for _ in range(times):
                year.add(year.day(), community, note, kind=kind, matter=year.matter(), **cells)


def bonuses(year: Year) -> None:
    """Make applications for bonuses, at every step that one can be at."""
    draw = year.random
    steps = ("confirmed",) * 6 + ("declared", "reviewed", "pending", "withdrawn", "")
    for number, community in enumerate(COMMUNITIES):
        for turn in range(4 + number % 3):
            clause, note, levels, values = BONUSES[draw.randrange(len(BONUSES))]
            cells = {"clause": clause, "matter": year.matter()}
            if levels:
                cells["level"] = draw.choices(levels, range(1, len(levels) + 1))[0]
            if values:
                cells["value"] = draw.choice(values)
            year.add(year.day(), community, note, status=steps[(5 * number + 3 * turn) % len(steps)], **cells)


def special(year: Year) -> None:
    """Make the cases that people ask about: veto, a cap used up, one matter twice, corrections, late entries."""
    year.add(date(2020, 9, 17), VETOED, "安全生产黄牌警告，文号示例〔2020〕9号", clause="AQ-2", level="黄牌警告")
    for month in range(2, 12):
        year.add(year.day(month), CAPPED, "数字城管案卷超时", kind="case", level="超时", matter=year.matter())
    topic = {"kind": "bulletin", "level": "区", "x_topic": "城市管理"}
    year.add(date(2020, 5, 12), "麻园湾", "占道经营被区通报", matter="示例事项-占道经营", **topic)
    year.add(
        date(2020, 5, 14),
        "麻园湾",
        "占道经营被媒体曝光",
        kind="media",
        level="市",
        x_topic="城市管理",
        matter="示例事项-占道经营",
    )
    year.add(
        date(2020, 8, 3),
        "湘农桥",
        "夜市油烟被区通报",
        kind="bulletin",
        level="区",
        x_topic="环境保护",
        matter="示例事项-夜市",
    )
    year.add(date(2020, 8, 4), "湘农桥", "夜市占道被区通报", matter="示例事项-夜市", **topic)
    accident = year.add(date(2020, 7, 8), "廖家湾", "疑似食品安全事故", clause="SC-1")
    year.add(date(2020, 7, 30), "廖家湾", "经查不属于食品安全事故，撤回", counters=accident, status="withdrawn")
    for month in (4, 10):
        year.add(year.day(month), "梓园", "被推荐参加书记沙龙", clause="DJ-2", level="推荐", matter=f"示例沙龙{month}")
        year.add(year.day(month), "电院", "报名书记沙龙并备稿", clause="DJ-3", matter=f"示例沙龙{month}")
    year.add(date(2020, 10, 20), "梓园", "书记沙龙前3名", clause="DJ-2", level="前3名", matter="示例沙龙10-决赛")
    year.add(date(2020, 11, 9), "活力", "负面清单，研究决定，文号示例〔2020〕11号", clause="FM-1", value="0.5")


def afterwards(year: Year) -> None:
    """Withdraw and correct some records, and write some down late."""
    draw = year.random
    charged = [r for r in year.rows if r.cells.get("clause") in CLAUSES and not CLAUSES[r.cells["clause"]].once]
    for row in draw.sample(charged, 36):
        later = min(row.date + timedelta(days=draw.randint(3, 40)), date(2020, 12, 30))
        community = row.subject.removesuffix("社区")
        if draw.random() < 0.5:
            year.add(later, community, "复核后撤回", counters=row, status="withdrawn")
        else:
            corrected = {k: v for k, v in row.cells.items() if k not in {"note", "count"}}
            year.add(later, community, "复核后更正，以此条为准", counters=row, **corrected)
    for row in draw.sample(charged, 60):
        recorded = row.date + timedelta(days=draw.randint(20, 75))
        row.cells["recorded"] = f"{recorded.isoformat()}T{draw.randint(9, 17):02d}:{draw.randint(0, 59):02d}"


def make(seed: int = SEED) -> str:
    """Return the whole file as text."""
    year = Year(seed)
    for part in (duties, findings, ordinary, incidents, bonuses, special, afterwards):
        part(year)
    rows = sorted(year.rows, key=lambda r: r.date)  # stable: rows of one day stay as they were made
    ids = {row: f"S{number:04d}" for number, row in enumerate(rows, start=1)}
    extra = sorted({key for row in rows for key in row.cells if key.startswith("x_")})
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*COLUMNS.values(), *extra])
    for row in rows:
        told = {**row.cells, "id": ids[row], "date": row.date.isoformat(), "subject": row.subject}
        told["counters"] = ids[row.counters] if row.counters else ""
        writer.writerow([told.get(key, "") for key in (*COLUMNS, *extra)])
    return buffer.getvalue()


if __name__ == "__main__":
    if "--print" in sys.argv[1:]:
        sys.stdout.write(make())
    else:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(make(), encoding="utf-8", newline="")
