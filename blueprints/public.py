"""公众服务: what everybody may know, without signing in and without scripts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import clock
from actions import official_seals
from blueprints.access import public as everybody
from blueprints.sheets import sheet
from queries import (
    blobs,
    public_credit,
    public_facts,
    published_ratings,
    rating_notices,
    status_boards,
)
from queries import public_institutions as ask
from queries.paging import Page, asked
from rules import credit_pledges
from rules import guide as rule
from rules.kinds import MEDICAL, PHARMACY, InstitutionKind

public = Blueprint("public", __name__)
COLUMNS = ["机构名称", "类型", "医保编码", "解除情形", "依据", "解除日期"]
LISTED = [
    "编号",
    "对象",
    "名称",
    "代码或者证件号码",
    "所在机构",
    "情形",
    "依据",
    "列入日期",
    "期限至",
]
PLEDGED = ["机构名称", "类型", "承诺书", "签署日期", "履行情况", "认定日期"]
SHOWN = 50  # people on one page
FAMILIES = {MEDICAL: "医疗机构", PHARMACY: "零售药店"}


@public.after_request
def _cache(answer: Response) -> Response:
    """For a minute, and only what looks the same for everybody: a page for somebody with a cookie is kept nowhere."""
    anonymous = g.get("actor") is None and not set(request.cookies) - {"big", "density"}
    kept = anonymous and answer.status_code == 200
    answer.headers["Cache-Control"] = "public, max-age=60" if kept else "no-store"
    answer.vary.add("Cookie")
    return answer


@public.after_app_request
def _remember_type(answer: Response) -> Response:
    """大字版 once chosen stays chosen, also without scripts."""
    size = request.args.get("big")
    if size in ("0", "1") and request.endpoint != "static":
        answer.set_cookie("big", size, max_age=31_536_000, samesite="Lax", httponly=False)
        answer.headers["Cache-Control"] = "no-store"
    return answer


@public.get("/public/")
@everybody
def home() -> ResponseReturnValue:
    return redirect(url_for("public.institutions"))


@public.get("/public/institutions")
@everybody
def institutions() -> ResponseReturnValue:
    args = request.args
    wanted = ask.wanted(
        args.get("q", ""),
        args.getlist("kind"),
        args.getlist("status"),
        args.get("page", ""),
        args.get("per_page", ""),
    )
    found = ask.lookup(wanted, on=clock.today())
    facets = [
        {"name": "kind", "label": "机构类型", "options": found.kinds},
        {"name": "status", "label": "协议状态", "options": found.words},
    ]
    return render_template(
        "public/institutions.html",
        query=wanted.q,
        facets=facets,
        results=found.entries,
        page=found.page,
        updated_on=clock.today(),
    )


@public.get("/public/institutions/<int:key>")
@everybody
def institution(key: int) -> ResponseReturnValue:
    entry = ask.one(key, on=clock.today()) if key < 2**31 else None
    return render_template(
        "public/institution.html", entry=entry or abort(404), today=clock.today()
    )


@public.get("/public/institutions/<int:key>/people")
@everybody
def people(key: int) -> ResponseReturnValue:
    """Names, work and status of the people of one institution: what a patient must be able to see."""
    on, name = clock.today(), request.args.get("q", "")[:20]
    entry = (ask.one(key, on=on) if key < 2**31 else None) or abort(404)
    given = asked(request.args)
    lines = status_boards.lines(key, on=on, name=name)
    first = (given.page - 1) * SHOWN
    return render_template(
        "public/people.html",
        entry=entry,
        lines=lines[first : first + SHOWN],
        counts=status_boards.counts(lines),
        query=name,
        page=Page(given.page, SHOWN, len(lines), (SHOWN,)),
        today=on,
    )


@public.get("/public/notices")
@everybody
def notices() -> ResponseReturnValue:
    current, past, page = public_facts.notices(asked(request.args), on=clock.today())
    grades = rating_notices.posted(clock.today())
    return render_template(
        "public/notices.html", current=current, past=past, page=page, grades=grades
    )


@public.get("/public/terminated")
@everybody
def terminated() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = public_facts.terminated(given, on=clock.today())
    if given.word("format") in ("xlsx", "csv"):
        cells = [[r.name, r.kind_label, r.code, r.ground, r.basis, r.effective_on] for r in rows]
        return sheet("解除协议机构名单", COLUMNS, cells)
    return render_template("public/terminated.html", rows=rows, page=page)


@public.get("/public/blacklist")
@everybody
def blacklist() -> ResponseReturnValue:
    given = asked(request.args)
    rows, page = public_credit.blacklist(given, on=clock.today())
    if given.word("format") in ("xlsx", "csv"):
        cells = [
            [r.number, r.subject, r.name, r.code, r.place, r.ground, r.basis, r.listed_on, r.until]
            for r in rows
        ]
        return sheet("医疗保障严重失信主体名单", LISTED, cells)
    return render_template("public/blacklist.html", rows=rows, page=page, query=given.q)


@public.get("/public/pledges")
@everybody
def pledges() -> ResponseReturnValue:
    given, on = asked(request.args), clock.today()
    rows, page = public_credit.pledges(given, on=on)
    if given.word("format") in ("xlsx", "csv"):
        cells = [[r.name, r.kind_label, r.title, r.signed_on, r.state, r.breached_on] for r in rows]
        return sheet("信用承诺公示", PLEDGED, cells)
    texts = [credit_pledges.text(family, on) for family in FAMILIES]
    return render_template("public/pledges.html", rows=rows, page=page, query=given.q, texts=texts)


@public.get("/public/reports")
@everybody
def reports() -> ResponseReturnValue:
    on = clock.today()
    return render_template(
        "public/reports.html",
        today=on,
        table=_table(ask.by_kind_and_word(on)),
        figures=public_facts.year_figures(on),
        ratings=published_ratings.distribution(on=on),
    )


def _table(counts: dict[tuple[str, str], int]) -> dict[str, Any]:
    """Kinds down, standings across, each figure with the list behind it, and the sums."""
    words = [word for word in ask.WORDS if any(key[1] == word for key in counts)]
    kinds = [kind for kind in InstitutionKind if any(key[0] == kind for key in counts)]
    rows = [
        {
            "kind": kind,
            "cells": [{"word": word, "number": counts.get((kind, word), 0)} for word in words],
            "total": sum(counts.get((kind, word), 0) for word in words),
        }
        for kind in kinds
    ]
    sums = [sum(counts.get((kind, word), 0) for kind in kinds) for word in words]
    return {"words": words, "rows": rows, "sums": sums, "total": sum(sums)}


@public.get("/public/verify")
@everybody
def verify() -> ResponseReturnValue:
    code, sha256 = request.args.get("code", "")[:40], request.args.get("sha256", "")[:100]
    if code.strip():
        return redirect(url_for("public.verified", code=code.strip().replace("/", "")))
    found = public_facts.verified_by_hash(sha256) if sha256.strip() else None
    return _verified(sha256.strip(), found, "文件指纹")


@public.get("/public/verify/<code>")
@everybody
def verified(code: str) -> ResponseReturnValue:
    return _verified(code[:40], public_facts.verified_by_code(code[:40]), "核验码")


def _verified(asked: str, found: public_facts.Verified | None, by: str) -> ResponseReturnValue:
    """With the signatures of the file we keep, checked anew."""
    sealed = found and found.sealed and found.sha256
    signatures = official_seals.checked(blobs.content(sealed)) if sealed else []
    return render_template(
        "public/verify.html", asked=asked, found=found, by=by, signatures=signatures
    )


@public.get("/public/guide")
@everybody
def guide() -> ResponseReturnValue:
    given = request.args.get("kind", "")
    family = given if given in FAMILIES else PHARMACY
    on = clock.today()
    return render_template(
        "public/guide.html",
        family=family,
        families=FAMILIES,
        papers=rule.papers(family, on),
        limits=rule.limits(family, on),
        today=on,
    )


@public.get("/public/accessibility")
@everybody
def accessibility() -> ResponseReturnValue:
    return render_template("public/accessibility.html")
