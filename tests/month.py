"""One month of claims through the pages, from the file to the letter of the transfer, by whoever sits at the desks."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections import defaultdict
from datetime import date
from hashlib import sha256

from sqlalchemy import select

from database import session
from models import AuditFinding, Document, Institution, Statement
from queries import exports
from tests import web
from tests.test_statement_imports import HEAD

DESKS = (
    "registrar", "first_auditor", "second_auditor", "clerk", "reviewer", "leader", "finance", "portal",
)  # fmt: skip
INPATIENTS, LINES = 21, 41


class Desk:
    """One person's browser; each page is read before its button is pressed, so that the version is the one seen."""

    def __init__(self, client):
        self.client = client

    def press(self, key, verb, folder="/settlements", **fields):
        page = self.client.get(f"{folder}/{key}").text
        version = re.search(r'name="version" value="(\d+)"', page)
        answer = web.post(
            self.client, f"{folder}/{key}/{verb}", version=version and version[1], **fields
        )
        assert answer.status_code == 303, (verb, answer.status_code, answer.text[-400:])
        return self.client.get(answer.headers["Location"]).text


def uploaded(client, place, who, month="2026-05", amounts=("200.50", "100.00"), inpatients=0):
    """The file of a month comes in: served by one on the 12th, the first so many lines as inpatients of the day before."""
    total = sum(int(one.replace(".", "")) for one in amounts)
    rows = [
        [
            place, "职工", month, f"{total // 100}.{total % 100:02d}", str(len(amounts)), f"{month}-25", f"MZ{month}{number}",
            f"{month}-12", *(("是", f"{month}-11") if number <= inpatients else ("", "")), "", amount, who,
        ]
        for number, amount in enumerate(amounts, 1)
    ]  # fmt: skip
    content = exports.csv_bytes([*HEAD, "人员编码"], rows)
    data = {"operation_id": secrets.token_hex(8), "file": (io.BytesIO(content), "申报.csv")}
    answer = client.post("/imports/statements", data=data, content_type="multipart/form-data")
    done = web.post(client, f"{answer.headers['Location']}/run")
    shown = client.get(done.headers["Location"]).text
    query = select(Statement.id).join(Institution, Institution.id == Statement.institution_id)
    query = query.where(
        Institution.code == place, Statement.month == date.fromisoformat(f"{month}-01")
    )
    key = session.scalars(query.order_by(Statement.id.desc())).first()
    assert key, shown
    return key


def redrawn(page, lines):
    """The sample as anybody draws it again: the printed seed and the list of lines, by the recipe on the page."""
    seed = re.search(r'随机种子</dt><dd class="hash">([0-9a-f]+)</dd>', page)[1]
    rows = list(csv.DictReader(io.StringIO(lines.lstrip("\ufeff"))))
    pool = sorted(
        (f"{int(row['行号']):06d}", "inpatient" if row["住院"] else "other") for row in rows
    )
    text = "".join(f"{key}\t{group}\n" for key, group in pool)
    hash_ = sha256(text.encode()).hexdigest()
    assert hash_ in page
    groups = defaultdict(list)
    for key, group in pool:
        groups[group].append((sha256(f"{seed}\n{hash_}\n{key}".encode()).hexdigest(), int(key)))
    wanted = {
        "inpatient": -(-len(groups["inpatient"]) * 5 // 100),
        "other": -(-len(groups["other"]) // 100),
    }
    drawn = {
        key for group, tickets in groups.items() for _, key in sorted(tickets)[: wanted[group]]
    }
    marked = {int(row["行号"]) for row in rows if row["复审样本"]}
    return drawn, marked


def played(desks, place, who, month, *, inpatients):
    """41 lines of 10.00; line 2 denied by 4.00, objected to and upheld. Returns the statement's key and its sample."""
    key = uploaded(desks["registrar"].client, place, who, month, ["10.00"] * LINES, inpatients)
    first, second, portal = (desks[name] for name in ("first_auditor", "second_auditor", "portal"))
    first.press(key, "findings", line=2, reason="excess_charge", amount="4.00", remark="超标准")
    first.press(key, "first-audit")
    page = second.press(key, "sample")
    sample = redrawn(
        page, second.client.get(f"/settlements/{key}/lines?format=csv").get_data(as_text=True)
    )
    second.press(key, "re-audit", opinion="一致。")
    second.press(key, "notice")
    served(desks["clerk"].client, key)
    found = session.scalars(select(AuditFinding.id).where(AuditFinding.statement_id == key)).one()
    portal.press(key, "appeal", "/portal/settlements", **{f"why-{found}": "价格有批文。"})
    answer = {f"verdict-{found}": "upheld", f"answer-{found}": "没有凭据。"}
    desks["reviewer"].press(key, "judgment", **answer)
    assert "台账平衡" in desks["clerk"].press(key, "settlement")
    desks["leader"].press(key, "approval")
    assert "已拨付" in desks["finance"].press(key, "payment", voucher=f"BK-{key}")
    return key, sample


def served(client, key):
    letter = session.scalars(
        select(Document).where(Document.kind == "denial_detail", Document.subject_id == key)
    ).one()
    given = {"method": "直接送达", "proof": "回证1号", "served_on": str(letter.issued_on)}
    assert web.post(client, f"/documents/{letter.id}/service", **given).status_code == 303


def letters(key):
    """Kind → number of its pages' bytes, of everything issued about the statement."""
    query = select(Document).where(Document.subject == "statement", Document.subject_id == key)
    return {row.kind: row for row in session.scalars(query)}
