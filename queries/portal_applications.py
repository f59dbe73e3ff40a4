"""定点申请 as its applicant sees it: checklist, reasons of a return, public state, running clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from database import session
from models import Agreement, Application, StatutoryClock
from models.material import Material, MaterialState
from queries import calendar_days, clock_views
from queries.clock_views import ClockView
from queries.portal_matters import Act, Matter
from rules import silence
from rules.clocks import Light
from rules.lifecycle import APPLICATION, AgreementState
from rules.lifecycle import ApplicationState as S

# Public words in the order of the way; the word at the end of a way stands at its last step.
STEPS = [
    ("填报材料", ("未提交",)),
    ("受理", ("已提交", "待补正", "不予受理")),
    ("评估", ("评估中", "待补充材料", "评估不合格")),
    ("公示", ("评估合格", "公示中")),
    ("签约", ("协商签约中", "未达成协议")),
]
MEANINGS = {
    "未提交": "材料还没有提交。逐项上传，核对后提交。",
    "已提交": "材料已经收到，经办机构正在审核。",
    "待补正": "部分材料被退回。补正期间办理时限停钟，补正提交后继续计算。",
    "评估中": "申请已经受理，评估在法定时限内完成。",
    "待补充材料": "评估中需要补充材料。补充期间评估时限停钟，补充提交后继续计算。",
    "评估合格": "评估结果合格，即将向社会公示。",
    "公示中": "拟签约名单正在向社会公示。",
    "协商签约中": "公示已经结束，进入协议协商和签署。",
    "已签约": "服务协议已由双方签署。",
    "未达成协议": "双方未能就协议达成一致，理由见协商未达成一致告知书。",
    "评估不合格": "评估结果不合格，理由和整改建议见评估结果告知书。",
    "不予受理": "存在不予受理的情形，理由和依据见不予受理告知书。",
    "已撤回": "申请已由本单位撤回，需要时可以重新申请。",
}
OWN = (S.DRAFT, S.SUPPLEMENTING, S.CLARIFYING)
ASKED = (S.SUPPLEMENTING, S.CLARIFYING)
OVER = (S.SIGNED, S.UNSETTLED, S.FAILED, S.BARRED, S.DECLINED, S.WITHDRAWN)
RULES = (
    "apply.supplement_notice",
    "eval.max",
)  # a notice that stands still is nobody's business before it is answered


@dataclass(frozen=True)
class Item:
    """One paper of the checklist. `reason` is set only while the institution is asked to supplement it."""

    id: int
    label: str
    basis: str
    required: bool
    state: Light
    file_name: str
    reason: str
    open: bool


@dataclass(frozen=True)
class ApplicationView:
    id: int
    version: int
    number: str
    state: Light
    meaning: str
    created_on: date
    received_on: date | None
    accepted_on: date | None
    notice: str
    items: tuple[Item, ...]
    steps: tuple[dict[str, str], ...]
    clock: ClockView | None
    editing: bool
    supplementing: bool
    may_withdraw: bool
    retry_rule: str
    may_retry: bool
    answer_by: date | None = None
    reminders: int = 0

    @property
    def missing(self) -> list[Item]:
        """What still keeps it from being handed in."""
        return [
            item
            for item in self.items
            if item.open and item.state.state in ("na", "back") and item.required
        ]

    @property
    def returned(self) -> list[Item]:
        return [item for item in self.items if item.reason]

    @property
    def percent(self) -> int:
        required = [item for item in self.items if item.required]
        done = [item for item in required if item.state.state not in ("na", "back")]
        return len(done) * 100 // len(required) if required else 100


def view(application: Application, *, on: date) -> ApplicationView:
    """The whitelist of one application."""
    word = public_word(application.state)
    return ApplicationView(
        id=application.id,
        version=application.version,
        number=application.number,
        state=state_of(application),
        meaning=MEANINGS[word],
        created_on=application.created_on,
        received_on=application.received_on,
        accepted_on=application.accepted_on,
        notice=_notice(application),
        items=tuple(_item(row, application) for row in application.materials),
        steps=tuple(_steps(word, application.state)),
        clock=_clock(application.id, on),
        editing=application.state in OWN,
        supplementing=application.state in ASKED,
        retry_rule=_retry_rule(application),
        may_retry=_may_retry(application, on),
        may_withdraw="withdraw" in APPLICATION.verbs_from(application.state),
        answer_by=_answer_by(application),
        reminders=application.reminders,
    )


def _answer_by(application: Application) -> date | None:
    """Until when a supplement is waited for before the next reminder."""
    since = application.reminded_on or application.supplement_requested_on
    if application.state is not S.SUPPLEMENTING or since is None:
        return None
    family = application.institution.kind.family
    return silence.last_day(since, family, calendar_days.workdays())


def public_word(state: S) -> str:
    return APPLICATION.states[state].public


def state_of(application: Application) -> Light:
    """The public word. Its tone must not tell apart what the word does not."""
    tones = {
        "待补正": "paused",
        "待补充材料": "paused",
        "评估合格": "ok",
        "已签约": "ok",
        "评估不合格": "over",
        "不予受理": "over",
    }
    word = public_word(application.state)
    quiet = "na" if word in ("未提交", "已撤回") else "review"
    return Light(tones.get(word, quiet), word)


def _notice(application: Application) -> str:
    if application.notice_from is None or application.notice_to is None:
        return ""
    return f"{application.notice_from} 至 {application.notice_to}"


def _item(row: Material, application: Application) -> Item:
    asked = application.state in ASKED and row.state is MaterialState.RETURNED
    open_ = application.state is S.DRAFT or asked
    return Item(
        id=row.id,
        label=row.label,
        basis=row.basis,
        required=row.required,
        state=_item_state(row, application, asked=asked),
        file_name=row.file_name,
        reason=row.reason if asked else "",
        open=open_,
    )


def _item_state(row: Material, application: Application, *, asked: bool) -> Light:
    """What the clerk has ticked so far stays inside until it is told."""
    if row.sha256 is None:
        return Light("na", "未上传")
    if asked:
        again = row.given_on is not None  # emptied when it was asked for
        return Light("review", "已补正") if again else Light("back", "退回补正")
    return Light("review", "已上传" if application.state is S.DRAFT else "已提交")


def _steps(word: str, state: S) -> list[dict[str, str]]:
    current = next((n for n, (_label, words) in enumerate(STEPS) if word in words), len(STEPS))
    if state is S.WITHDRAWN:
        current = 0
    shown = []
    for index, (label, _words) in enumerate(STEPS):
        place = "done" if index < current else "cur" if index == current else ""
        shown.append({"label": label, "note": word if place == "cur" else "", "state": place})
    return shown


def _clock(application_id: int, on: date) -> ClockView | None:
    row = session.scalar(
        select(StatutoryClock).where(
            StatutoryClock.subject == "application",
            StatutoryClock.subject_id == application_id,
            StatutoryClock.rule.in_(RULES),
            StatutoryClock.finished_on.is_(None),
        )
    )
    return clock_views.view(row, on=on) if row else None


def of_institution(institution_id: int) -> list[Application]:
    query = select(Application).where(Application.institution_id == institution_id)
    return list(session.scalars(query.order_by(Application.id.desc())))


def matters(institution_id: int, *, on: date) -> list[Matter]:
    """Open applications; one whose agreement is being signed is told as the agreement."""
    signing = select(Agreement.application_id).where(
        Agreement.state.in_(
            [AgreementState.NEGOTIATING, AgreementState.OFFERED, AgreementState.COUNTERSIGNING]
        )
    )
    told = set(session.scalars(signing.where(Agreement.institution_id == institution_id)))
    open_ones = [
        row
        for row in of_institution(institution_id)
        if (row.state not in OVER or _may_retry(row, on)) and row.id not in told
    ]
    return [_matter(row, on) for row in open_ones]


def _matter(row: Application, on: date) -> Matter:
    todo = {
        S.DRAFT: "上传材料，核对后提交申请",
        S.SUPPLEMENTING: "补正被退回的材料",
        S.CLARIFYING: "补充评估材料",
        S.FAILED: "整改完成后，申请再次评估",
    }.get(row.state, "")
    return Matter(
        subject="application",
        subject_id=row.id,
        title=f"定点申请 {row.number}",
        state=state_of(row),
        mine=row.state in OWN or row.state is S.FAILED,
        until=_until(row, on),
        todo=todo,
    )


def _may_retry(row: Application, on: date) -> bool:
    """Failed once by evaluation, and the months since the result was served are over."""
    return row.state is S.FAILED and row.retry_on is not None and row.retry_on <= on


def _retry_rule(row: Application) -> str:
    """What a failed applicant may do, in one sentence; empty where nothing of the kind."""
    if row.state is S.BARRED:
        return "再次评估仍不合格，自结果告知书送达之日起的限制期内不得再次申请，期限见告知书。"
    failed = row.state is S.FAILED and row.evaluations and row.evaluations[-1].passed is False
    if not failed:
        return ""
    if row.retry_on is None:
        return "整改期自评估结果告知书送达之日起计算，期满后可以申请再次评估。"
    return f"{row.retry_on} 起可以申请再次评估。"


def _until(row: Application, on: date) -> str:
    if row.state is S.CLARIFYING:
        return "停钟，补充后继续计算"
    if row.state is S.FAILED:
        return "没有期限"
    if row.state is S.SUPPLEMENTING:
        return f"停钟，补正后继续计算（请在 {_answer_by(row)} 前补正）"
    if row.state in (S.ON_NOTICE, S.OBJECTED):
        return f"公示至 {row.notice_to}"
    clock = _clock(row.id, on)
    return str(clock.due_on) if clock else "没有期限"


def acts(institution_id: int) -> list[Act]:
    """What the institution itself did, and when it was put on notice."""
    done: list[Act] = []
    for row in of_institution(institution_id):
        known = (
            (row.created_on, "开始填报申请"),
            (row.received_on, "提交申请材料"),
            (row.supplemented_on, "提交补正材料"),
            (row.retried_on, "申请再次评估"),
            (row.notice_from, "拟签约名单开始公示"),
        )
        done += [Act(day, title, row.number) for day, title in known if day]
    return done
