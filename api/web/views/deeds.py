"""What can be done to an entry, and the page of one such deed: what it needs and what it would change."""

from __future__ import annotations

from collections.abc import Callable

from api.web.views.entry import Choice, Field, Moved
from api.web.views.model import View
from api.web.words import N_
from appraisal.errors import Lang
from appraisal.model.periods import Span
from appraisal.model.steps import Step
from appraisal.office.consequence import Effect
from appraisal.office.rights import Action
from appraisal.office.workflow import State
from reports.wording import span_words


class Deed(View):
    """A step that somebody takes with an entry: its address, its words, and what its form asks for.

    `moves` names the outcomes that change points, so that their effect is shown before: withdraw, correct, rule.
    """

    key: str
    step: Step
    action: Action
    label: str
    icon: str
    words: str = ""
    reason: bool = True
    reason_needed: bool = True
    files: bool = False
    files_needed: bool = False
    cells: bool = False
    record: bool = False
    moves: str = ""


class DeedPage(View):
    """The form of a deed: the entry with its clause, words and files, what is filled in and wrong, and the effects."""

    deed: Deed
    event: str
    on: str
    state: State
    subject: str
    clause: str
    sentence: str
    date: str
    note: str
    appeal: str
    said: tuple[tuple[Step, str], ...]
    evidence: tuple[str, ...]
    fields: tuple[Field, ...]
    faults: tuple[tuple[str, str], ...]
    kept: tuple[Choice, ...]
    told: dict[str, str]
    effects: dict[str, tuple[Moved, ...]]


_BACK = N_("申请不变，连同意见退回社区，改后再报。")
DEEDS = (
    Deed(
        key="answer", step=Step.ANSWERED, action=Action.ANSWER_APPEAL, label=N_("答复申诉"), icon="send", files=True,
        words=N_("说明当时的事实和依据；裁定由另外的人作。"),
    ),
    Deed(
        key="rule", step=Step.RULED, action=Action.RULE_APPEAL, label=N_("裁定申诉"), icon="gavel", files=True,
        cells=True, moves="rule", words=N_("维持、调整或撤销；登记、申诉和答复的人不能裁定。"),
    ),
    Deed(
        key="review", step=Step.REVIEWED, action=Action.REVIEW, label=N_("审核通过"), icon="circle-check",
        reason_needed=False, words=N_("审核通过后提请党工委研究确定。"),
    ),
    Deed(
        key="confirm", step=Step.CONFIRMED, action=Action.CONFIRM, label=N_("研究确定"), icon="check",
        reason_needed=False, words=N_("确定以后才计分。"),
    ),
    Deed(
        key="decide", step=Step.DECIDED, action=Action.DECIDE, label=N_("作出决定"), icon="gavel", files=True,
        record=True, reason_needed=False, words=N_("写明决定的机关、日期、文号，附上文件；此后这条才计分。"),
    ),
    Deed(
        key="send-back", step=Step.RETURNED, action=Action.REVIEW, label=N_("退回修改"), icon="arrow-left", words=_BACK
    ),
    Deed(
        key="send-back-reviewed", step=Step.RETURNED, action=Action.CONFIRM, label=N_("退回修改"), icon="arrow-left",
        words=_BACK,
    ),
    Deed(key="decline", step=Step.DECLINED, action=Action.REVIEW, label=N_("不予通过"), icon="x"),
    Deed(key="decline-reviewed", step=Step.DECLINED, action=Action.CONFIRM, label=N_("不予通过"), icon="x"),
    Deed(
        key="declare-again", step=Step.DECLARED, action=Action.DECLARE, label=N_("改后再报"), icon="send", cells=True,
        files=True, reason=False, reason_needed=False, words=N_("还是同一份申请，开始新的一轮。"),
    ),
    Deed(
        key="appeal", step=Step.APPEALED, action=Action.APPEAL, label=N_("申诉"), icon="message-question", files=True,
        words=N_("写明不服的理由，可附证据；登记的部门答复，领导小组裁定。"),
    ),
    Deed(
        key="evidence", step=Step.EVIDENCED, action=Action.LOG, label=N_("补证据"), icon="paperclip", files=True,
        files_needed=True, reason_needed=False, words=N_("证据附在这条记录上，分数不变。"),
    ),
    Deed(
        key="correct", step=Step.COUNTERED, action=Action.COUNTER, label=N_("更正"), icon="pencil", cells=True,
        moves="correct", words=N_("原来那条保留在案，由更正后的这条代替。"),
    ),
    Deed(
        key="withdraw", step=Step.COUNTERED, action=Action.COUNTER, label=N_("撤回"), icon="x", moves="withdraw",
        words=N_("原来那条保留在案并划去，不再计分。"),
    ),
    Deed(
        key="withdraw-claim", step=Step.COUNTERED, action=Action.DECLARE, label=N_("撤回申报"), icon="x",
        words=N_("申请保留在案，不再办理。"),
    ),
)  # fmt: skip
"""Every deed, in the order in which a page offers them; the last are the rarest."""


def effect_view(
    effects: tuple[Effect, ...], subject: str, lang: Lang, *, ranked: Callable[[Span], bool] = lambda _: True
) -> tuple[Moved, ...]:
    """Return what an outcome would do to the subject's own score and rank, span by span, and whose rank moves too.

    `ranked` says of which spans the ranks are shown.
    """
    found = []
    for effect in effects:
        own = effect.of(subject)
        if own is None:
            continue
        shown = ranked(effect.span)
        others = tuple(s.name for s in effect.shifts if s.subject != subject and s.before.rank != s.after.rank)
        found.append(
            Moved(
                span=span_words(effect.span, lang),
                total=own.before.total,
                total_after=own.after.total,
                rank=own.before.rank if shown else None,
                rank_after=own.after.rank if shown else None,
                others=others if shown else (),
            )
        )
    return tuple(found)
