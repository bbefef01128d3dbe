"""The sample year at work: months published, on display, open; appeals, bonuses, decisions at every step. All 示例.

Every line comes about as in an office: by the same deeds, with the rights of invented accounts. The deeds of months
that are over have dates of 2020; what is under way now happened in the days before the demonstration begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from api.demo_files import sample_pdf
from api.demonstration import LOGINS
from appraisal.model.periods import MONTHS, Period
from appraisal.model.roles import HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office import appeals, claims, closing, entries, months
from appraisal.office.appeals import Outcome
from appraisal.office.claims import Decision
from appraisal.office.desk import Desk
from appraisal.office.installation import Installation
from appraisal.office.workflow import State
from appraisal.store.accounts import Account

LAST_PUBLISHED, CLOSED, RECHECKED, DISPLAYED = 8, 9, 10, 11
"""January to August are published, September waits for its signature, October for what is in its way, November is on
display, December open."""

MOVES = (Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED, Step.RECHECKED, Step.CLOSED)
DECLINED = frozenset({"S0975", "S1114"})
"""Applications of the sample year that come to nothing; the others of closed months are confirmed."""
OWN, GROUP_NAME = "mayuanwan", "示例街道绩效考核领导小组"


@dataclass(frozen=True, kw_only=True)
class Town:
    """The invented people of the office at their desks."""

    house: Installation
    office: str
    rulebook: str
    now: datetime
    names: Mapping[str, str]
    desks: dict[tuple[Role, str], Desk] = field(default_factory=dict)

    def desk(self, role: Role, place: str = "") -> Desk:
        """Return someone's desk: the example account of the role, or another of the same role for another place."""
        if (role, place) not in self.desks:
            self.desks[role, place] = self.house.desk(self.office, self.account(role, place).actor)
        return self.desks[role, place]

    def account(self, role: Role, place: str) -> Account:
        """Return the account, made without a password where it is not there: nobody signs in with it."""
        login, name = LOGINS[role]
        found = self.house.accounts.find(login)
        if found is not None and (not place or place in {h.department or h.subject for h in found.roles}):
            return found
        known = self.house.accounts.find(f"{login}-{place}")
        if known is not None:
            return known
        held = HeldRole(
            role=role,
            office=self.office,
            department=place if role is Role.OFFICER else "",
            subject=place if role is Role.HEAD else "",
        )
        return self.house.accounts.add(
            f"{login}-{place}", f"{name}（{self.names.get(place, place)}）", now=self.now, roles=[held]
        )

    def paper(self, title: str) -> str:
        """Keep an invented document as evidence and return what names it."""
        return self.house.evidence.keep(self.office, sample_pdf(title), now=self.now).sha256

    def decision(self, number: int, day: date, body: str = GROUP_NAME) -> Decision:
        """Return a decision record with its document."""
        named = f"示例街考〔2020〕{number}号"
        return Decision(body=body, day=day, number=named, files=(self.paper(f"Decision {number} (sample)"),))


def demo_year(house: Installation, office: str, rulebook: str, *, now: datetime) -> None:
    """Let the sample year be worked on, once: where a month has moved already, nothing is done."""
    names = {s.id: s.name for s in house.log.edition(house.office(office).adopted(rulebook)).roster}
    town = Town(house=house, office=office, rulebook=rulebook, now=now, names=names)
    if months.month(town.desk(Role.GROUP), rulebook, Period(2020, 1)).lines:
        return
    negative_list(town)
    for number in range(1, RECHECKED + 1):
        settle(town, number)
        lead(town, number)
    afterwards(town)
    on_display(town)
    applications(town)
    open_month(town)


def at(month: int, day: int, hour: int = 9) -> datetime:
    """Return a moment of 2020, or of the January after."""
    year, month = (2020, month) if month <= MONTHS else (2021, month - MONTHS)
    return datetime(year, month, day, hour)  # noqa: DTZ001  local time of the office


# Months that are over


def negative_list(town: Town) -> None:
    """Put a case of the negative list on record, and a special project instead of its imported score."""
    group = town.desk(Role.GROUP)
    cells = {"date": "2020-10-19", "subject": "xiangnongqiao", "clause": "FM-1", "value": "0.5"}
    listed = entries.log(group, town.rulebook, {**cells, "note": "示例：区对街道负面清单扣分"}, now=at(10, 20)).id
    claims.decide(group, listed, town.decision(21, date(2020, 10, 23)), on=listed, now=at(10, 23))
    entries.withdraw(group, "S1836", "示例：改由会议决定评分", on="S1836", now=at(12, 28))
    cells = {"date": "2020-12-28", "period": "2020", "subject": OWN, "clause": "LD-5", "value": "4"}
    project = entries.log(group, town.rulebook, {**cells, "note": "示例：重点工作评分"}, now=at(12, 28, 10)).id
    claims.decide(group, project, town.decision(27, date(2020, 12, 29)), on=project, now=at(12, 29))


def settle(town: Town, number: int) -> None:
    """Bring what is under way in a month to its end; of October something stays, which is in the way of closing it."""
    if number == RECHECKED:
        return
    group, committee = town.desk(Role.GROUP), town.desk(Role.COMMITTEE)
    book = town.house.yearbook(town.office, town.rulebook, 2020)
    for event, state in book.under_way:
        if event.when != Period(2020, number):
            continue
        day = at(number + 1, 2)
        if state is State.UNDECIDED:
            decision = town.decision(number, day.date(), "示例街道党工委会议")
            claims.decide(group, event.id, decision, on=event.id, now=day)
        elif event.id in DECLINED:
            desk = group if state is State.DECLARED else committee
            claims.decline(desk, event.id, "示例：所附材料不足以证明", on=event.id, now=day)
        else:
            on = event.id if state is State.REVIEWED else claims.review(group, event.id, on=event.id, now=day).id
            claims.confirm(committee, event.id, on=on, now=day + timedelta(hours=3))


def lead(town: Town, number: int) -> None:
    """Lead a month as far as it has come: reports, and its moves in the days after it."""
    period, group = Period(2020, number), town.desk(Role.GROUP)
    report(town, period, now=at(number + 1, 1))
    last = "" if number <= CLOSED else Step.RECHECKED
    on, days = months.root(town.rulebook, period), (3, 4, 5, 11, 12)
    for step, day in zip(MOVES, days, strict=True):
        on = closing.move(group, town.rulebook, period, step, on=on, now=at(number + 1, day)).id
        if step == last:
            return
    if number <= LAST_PUBLISHED:
        facts = {"signer": "示例签发人", "number": f"示例街发〔2020〕{number + 10}号"}
        desk, now = town.desk(Role.COMMITTEE), at(number + 1, 13)
        on = closing.move(desk, town.rulebook, period, Step.PUBLISHED, on=on, now=now, facts=facts).id
    if number <= MONTHS // 2:
        closing.move(group, town.rulebook, period, Step.ARCHIVED, on=on, now=at(number + 1, 20))


def report(town: Town, period: Period, *, now: datetime, but: Iterable[str] = ()) -> None:
    """Let the departments end their month, but for some: with what they logged, or with nothing (零报告)."""
    for department, known in months.month(town.desk(Role.GROUP), town.rulebook, period).reports.items():
        if department not in set(but):
            months.report(town.desk(Role.OFFICER, department), town.rulebook, period, department, known.now, now=now)


def afterwards(town: Town) -> None:
    """Let two things come after publication: an entry by a named exception, and one that is withdrawn."""
    officer, june = town.desk(Role.OFFICER), Period(2020, 6)
    (department,) = {held.department for held in officer.actor.roles}
    reason = "示例：区里的通报8月才到"
    until = date(2020, 8, 20)
    months.grant(town.desk(Role.GROUP), town.rulebook, june, department, until=until, reason=reason, now=at(8, 10))
    cells = {"date": "2020-06-29", "subject": "houjiatang", "clause": "CG-A1", "note": "示例：区里迟到的通报"}
    entries.log(officer, town.rulebook, cells, now=at(8, 12), duplicate="示例：另一件")
    entries.withdraw(officer, "S0490", "示例：公示栏照片后来找到了", on="S0490", now=at(6, 3))


# What is under way


def on_display(town: Town) -> None:
    """Bring November on display, with appeals in every state, and let one department enter late."""
    november, group = Period(2020, DISPLAYED), town.desk(Role.GROUP)
    ago = [town.now - timedelta(days=3 - days) for days in range(3)]
    report(town, november, now=ago[0], but=["财政所"])
    on = months.root(town.rulebook, november)
    for step, moment in zip(MOVES[:3], ago, strict=True):
        on = closing.move(group, town.rulebook, november, step, on=on, now=moment).id
    reason, until = "示例：系统停电，两张工单未录", town.now.date() + timedelta(days=10)
    months.grant(group, town.rulebook, november, "公共服务办", until=until, reason=reason, now=ago[2])
    appealed(town, "S1581", "示例：公共收益已在小区公示栏公示，附照片")
    answered = appealed(town, "S1597", "示例：派单时间是节假日，次日已核实")
    answer(town, "S1597", answered, "示例：派单系统显示超过二十四小时，附截图")
    ruled(town, "S1573", Outcome.UPHELD, "示例：两次督查记录一致，维持")
    ruled(town, "S1520", Outcome.ADJUSTED, "示例：资料确有瑕疵，但未造成不良影响")
    ruled(town, "S1527", Outcome.WITHDRAWN, "示例：核实为会议系统故障")


def _place(town: Town, event: str) -> tuple[str, str]:
    line = town.house.log.line(town.office, event)
    place = town.desk(Role.GROUP).place(line)
    return place["department"], place["subject"]


def appealed(town: Town, event: str, reason: str) -> str:
    """Let a community appeal against an entry, and return the line."""
    head, now = town.desk(Role.HEAD, _place(town, event)[1]), town.now - timedelta(hours=20)
    files = [town.paper(f"Appeal against {event} (sample)")]
    return appeals.appeal(head, event, reason, on=event, now=now, files=files).id


def answer(town: Town, event: str, on: str, reason: str) -> str:
    """Let the department answer an appeal, and return the line."""
    officer, now = town.desk(Role.OFFICER, _place(town, event)[0]), town.now - timedelta(hours=16)
    return appeals.answer(officer, event, reason, on=on, now=now).id


def ruled(town: Town, event: str, outcome: Outcome, reason: str) -> None:
    """Let an appeal be made, answered and ruled on; an adjustment takes the bad effect away."""
    on = answer(town, event, appealed(town, event, "示例：情况与通报不符"), "示例：请领导小组核定")
    cells = {"level": "", "note": "示例：经申诉调整"} if outcome is Outcome.ADJUSTED else None
    now = town.now - timedelta(hours=2)
    appeals.rule(town.desk(Role.GROUP), event, outcome, reason, on=on, now=now, cells=cells)


def applications(town: Town) -> None:
    """Let the community of the example head apply for bonuses: each application has come another way."""
    head, group, committee = town.desk(Role.HEAD), town.desk(Role.GROUP), town.desk(Role.COMMITTEE)
    paper, moments = [town.paper("Commendation (sample)")], [town.now - timedelta(hours=h) for h in range(12, 0, -1)]
    hours = iter(moments)

    def declared(clause: str, note: str, day: str, **more: str) -> str:
        cells = {"clause": clause, "subject": OWN, "date": day, "note": note, **more}
        return claims.declare(head, town.rulebook, cells, now=next(hours), files=paper).id

    declared("JF-3", "示例：红网报道社区议事会", "2020-12-08")
    back = declared("JF-4", "示例：全区会议上发言", "2020-12-10", level="区")
    claims.send_back(group, back, "示例：缺会议通知，请补", on=back, now=next(hours))
    again = declared("JF-2", "示例：晚报刊登社区经验", "2020-12-14", level="市")
    sent = claims.send_back(group, again, "示例：请附报纸原件", on=again, now=next(hours)).id
    more = {"note": "示例：晚报刊登社区经验，附原件"}
    claims.declare_again(head, again, more, on=sent, now=next(hours), files=paper)
    passed = declared("JF-5", "示例：区领导批示表扬", "2020-12-16", level="区")
    claims.review(group, passed, on=passed, now=next(hours))
    through = declared("JF-3", "示例：区政府网站报道", "2020-12-02")
    on = claims.review(group, through, on=through, now=next(hours)).id
    claims.confirm(committee, through, on=on, now=next(hours))


def open_month(town: Town) -> None:
    """Let a veto wait for its decision in December, and some departments end their month early."""
    safety = town.desk(Role.OFFICER, "公共安全办")
    cells = {"date": "2020-12-18", "subject": "quantang", "clause": "AQ-2", "level": "黄牌警告"}
    told = {**cells, "note": "示例：区安委会黄牌警告，待会议研究"}
    entries.log(safety, town.rulebook, told, now=town.now - timedelta(hours=1))
    late = {"城市管理办", "基层党建办", "公共服务办", "财政所"}
    report(town, Period(2020, MONTHS), now=town.now, but=late)
