"""The measured letter: an agreement of a fictitious hospital with the clauses of the house, eight pages long."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import regulations
from rules import clauses
from rules.agreement_forms import AgreementForm
from rules.kinds import InstitutionKind

PAGES = 8
FROM, TO = date(2026, 12, 1), date(2027, 11, 30)
ANNEX = 4  # chapters printed once more, as an annex that fills the pages up to eight


def facts(day: int = 0) -> dict[str, Any]:
    """What `documents.render("agreement", …)` is given. Letters of different days are each laid out by itself."""
    law = regulations.at(FROM, "medical")
    kind, form = InstitutionKind.GENERAL_HOSPITAL, AgreementForm.MAIN
    chapters = clauses.chapters(law, kind, form, clauses.Terms(FROM, TO))
    annex = [{**chapter, "title": f"附件：{chapter['title']}"} for chapter in chapters[:ANNEX]]
    return {
        "number": "示医保协〔2026〕7号",
        "agency": "示例县医疗保障事业中心",
        "bureau": "示例县医疗保障局",
        "addressee": "示例县样例医院",
        "issued_on": date(2026, 11, 23) + timedelta(day),
        "signer": "甲乙丙",
        "sample": True,
        "verify_code": "A1B2-C3D4",
        "family": "medical",
        "institution": "示例县样例医院",
        "agreement_number": "XY2026000321",
        "uscc": "91990123MA0000000X",
        "code": "H99012300001",
        "address": "示例县示例路1号",
        "term_from": FROM,
        "term_to": TO,
        "chapters": [_numbers_and_text(chapter) for chapter in [*chapters, *annex]],
        "institution_signer": "辛一",
        "institution_signed_on": date(2026, 11, 21),
        "agency_signer": "辛二",
        "agency_signed_on": date(2026, 11, 22),
    }


def _numbers_and_text(chapter: dict[str, Any]) -> dict[str, Any]:
    lines = [{"number": line["number"], "text": line["text"]} for line in chapter["clauses"]]
    return {"title": chapter["title"], "clauses": lines}
