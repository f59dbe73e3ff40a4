"""评分表, 核查报告, 异议申请书: papers of a rating, printed from what is on record. No letters: nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import documents
from actions import letters
from actions.rating_objections import BASIS
from documents.dossier import Dossier, Fact, Section, section
from models import Rating, RatingObjection
from queries import cycles, timeline
from queries.rating_objections import said
from queries.rating_sheets import Sheet, named
from rules import rating_objections as rule
from rules.lifecycle import RATING_OBJECTION

SCORED = ("指标", "查实的数", "满分", "自评", "初评", "复评", "计入总分", "依据和记录")
POINTS = ("指标", "查实的数", "得分", "依据")
GROUNDS, WANTED = "有异议的指标、事实和理由", "请求事项"
WISH = "核查上列事项，更正有误的事实，重新计算得分和等级。"
DAY = "　　　　年　　月　　日"
LINES, FEW = 9, 3  # to be written on by hand
LOCAL = "评价的方案和标准请按本地文件核对。"


def printed(shown: Dossier) -> bytes:
    """The PDF. Raises RenderFailed."""
    return documents.render_dossier(shown)


def rating_sheet(shown: Sheet, *, by: str) -> Dossier:
    """Every line with its three scores, who scored and who reviewed."""
    rating, cycle = shown.rating, shown.rating.cycle
    rows = [
        [one.label, one.raw, one.full, one.own, one.first, one.second if cycle.reviewed_by_id else "待复核",
         one.counted, one.basis]
        for one in shown.lines
    ]  # fmt: skip
    second = shown.second if cycle.reviewed_by_id else None
    total = [
        ["得分", shown.own.score, shown.first.score, second.score if second else "待复核"],
        ["等级", shown.own.grade, shown.first.grade, second.grade if second else "待复核"],
    ]
    return _paper(
        "信用评价评分表",
        f"{rating.name}　{cycle.name}",
        [*_of_rating(rating), ("评分人", f"{shown.scorer or '系统'}，{shown.scored_on}"),
         ("复核人", shown.reviewer or "尚未复核"), ("自评", _assessed(shown))],
        [
            section("各项得分", SCORED, rows, note=_explained(shown)),
            section("合计", ("项目", "自评", "初评", "复评"), total),
            *_differing(shown),
        ],
        by=by,
        warning=LOCAL,
        signatures=(f"评分人：{shown.scorer}", f"复核人：{shown.reviewer}", f"日期：{DAY}"),
    )  # fmt: skip


def _of_rating(rating: Rating) -> list[tuple[str, str]]:
    scheme, place = cycles.scheme_of(rating.cycle), rating.institution
    codes = (
        [("医保编码", place.code or ""), ("统一社会信用代码", place.uscc or "")] if place else []
    )
    return [
        ("评价对象", rating.name),
        *codes,
        ("评价周期", rating.cycle.name),
        ("评价期", f"{rating.cycle.from_on} 至 {rating.cycle.to_on}"),
        ("方案", f"{scheme.label}（{scheme.edition}版）"),
        ("得分和等级", f"{rating.score:g} 分，{scheme.grade(rating.grade).label}"),
        ("同类名次", f"第 {rating.rank} 名"),
    ]


def _assessed(shown: Sheet) -> str:
    if shown.stated is None:
        return "没有提交自评"
    day, number = shown.stated.submitted_on, len(shown.stated.items)
    return f"{day} 提交，{f'{number} 项与系统记录不同' if number else '与系统记录一致'}"


def _explained(shown: Sheet) -> str:
    """What each of the three columns was worked out from."""
    words = ["初评按冻结的事实，复评按复核时的事实，自评按机构自评的数，都由系统用同一方案计算。"]
    words += ["事实经异议核查更正，复评与初评的差异见更正前后对照。"] if shown.replaced else []
    words += [f"自评中没有写成数的不计入：{'；'.join(shown.unread)}。"] if shown.unread else []
    return "".join(words)


def _differing(shown: Sheet) -> list[Section]:
    if shown.stated is None or not shown.stated.items:
        return []
    rows = [
        [one["label"], one["found"], one["stated"], one["remark"]] for one in shown.stated.items
    ]
    return [section("自评与系统记录的差异", ("事实", "系统记录", "自评", "理由和证据"), rows)]


def check_report(objection: RatingObjection, *, open_name: bool, by: str) -> Dossier:
    """What was objected, looked into and decided. `open_name`: whoever of the public objected may be told."""
    rating, state = objection.rating, RATING_OBJECTION.states[objection.state]
    who = (
        objection.raised_by
        if open_name or objection.source != rule.ONLINE
        else "公众（由核查人员掌握）"
    )
    handler = named(objection.handled_by_id)
    fixed = [
        [one.label, said(one.before), said(one.after), one.reason, one.evidence]
        for one in objection.corrections
    ]
    return _paper(
        "信用异议核查报告",
        f"{objection.number}　{rating.name}",
        [*_of_rating(rating), ("提出人", who), ("来源", rule.SOURCES[objection.source]),
         ("提出日期", str(objection.raised_on)), ("答复日期", str(objection.answered_on)),
         ("核查人", handler), ("处理结果", state.label)],
        [
            section("异议的内容", text=_paragraphs(objection.text)),
            section("提交的证明材料", ("序号", "文件"), _papers(objection), empty="没有提交。"),
            section("核查情况和理由", text=_paragraphs(objection.opinion)),
            section("更正的事实", ("事实", "更正前", "更正后", "理由", "证据"), fixed, empty="没有更正事实。"),
            section("评价所依据的指标和记录", POINTS, _points(rating)),
            section("办理过程", ("日期", "事项", "办理人"), _course(objection)),
        ],
        by=by,
        warning=f"核查人没有参与本次评价。依据：{BASIS}。{LOCAL}",
        signatures=(f"核查人：{handler}", "负责人：", f"日期：{DAY}"),
    )  # fmt: skip


def objection_form(
    rating: Rating, objection: RatingObjection | None, *, until: str, by: str
) -> Dossier:
    """The application for an objection, to be signed; blank where none was raised yet. `until`: in words."""
    told = [*_of_rating(rating), ("提出的期限", until or "见等级告知书")]
    if objection is not None:
        told += [("异议编号", objection.number), ("提出日期", str(objection.raised_on))]
    whose = "申请人（签名）：" if rating.institution is None else "申请人（盖章）："
    return _paper(
        "信用异议申请书",
        rating.name,
        told,
        _filled(objection) if objection else _blank(rating),
        by=by,
        warning="填写签章后交经办窗口，或者在机构网上服务中提出；异议由没有参与评价的人员核查，结果书面告知。",
        signatures=(whose, "法定代表人或者负责人：", "联系电话：", f"日期：{DAY}", "收件人：", f"收到日期：{DAY}"),
    )  # fmt: skip


def _filled(objection: RatingObjection) -> list[Section]:
    return [
        section(GROUNDS, text=_paragraphs(objection.text)),
        section(WANTED, text=(WISH,)),
        section("证明材料", ("序号", "文件"), _papers(objection), empty="没有提交。"),
        section("各项得分", POINTS, _points(objection.rating)),
    ]


def _blank(rating: Rating) -> list[Section]:
    boxes = [[*row[:3], "□"] for row in _points(rating)]
    return [
        section("各项得分（有异议的打勾）", (*POINTS[:3], "有异议"), boxes),
        section(GROUNDS, blank=LINES),
        section(WANTED, text=(WISH,), blank=FEW),
        section("证明材料目录", blank=FEW),
    ]


def _papers(objection: RatingObjection) -> list[list[Any]]:
    return [[n, one["name"]] for n, one in enumerate(objection.files, 1)]


def _points(rating: Rating) -> list[list[Any]]:
    return [
        [line["label"], line["raw"], line["points"],
         line["basis"] + (f"。记录：{'、'.join(line['evidence'])}" if line["evidence"] else "")]
        for line in rating.lines
    ]  # fmt: skip


def _course(objection: RatingObjection) -> list[list[Any]]:
    return [list(row) for row in timeline.course("rating_objection", objection.id)]


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _paper(
    title: str,
    name: str,
    facts: Sequence[tuple[str, str]],
    sections: Sequence[Section],
    *,
    by: str,
    warning: str,
    signatures: tuple[str, ...],
) -> Dossier:
    return Dossier(
        title=title,
        name=name,
        agency=letters.head().agency,
        printed=by,
        facts=tuple(Fact(label, value or "—") for label, value in facts),
        sections=tuple(sections),
        warning=warning,
        signatures=signatures,
    )
