"""The interface described for machines (OpenAPI 3.1). A test compares it with the doors."""

from __future__ import annotations

from typing import Any

_DAY = {"type": "string", "format": "date"}
_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 1}
_AMOUNT = {"type": "string", "description": "元，文字，最多两位小数，如 120.50"}
_PROBLEM = {
    "description": "为什么没有回答（RFC 9457）",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_WRONG = dict.fromkeys(("400", "401", "404"), _PROBLEM)


def _answer(name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": "回答", "content": {"application/json": {"schema": schema}}}


def _asked(name: str, schema: dict[str, Any], what: str, *, needed: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": needed, "schema": schema, "description": what}


def _object(needed: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": needed, "properties": properties}


_RATINGS = _object(
    [
        "cycle",
        "poolarea_no",
        "from",
        "to",
        "published_on",
        "scheme",
        "article",
        "page",
        "total",
        "ratings",
    ],
    cycle=_TEXT,
    poolarea_no=_TEXT,
    to=_DAY,
    published_on=_DAY,
    scheme=_TEXT,
    article=_TEXT,
    page=_COUNT,
    pages=_COUNT,
    total={"type": "integer"},
    ratings={
        "type": "array",
        "items": _object(
            [
                "fixmedins_code",
                "fixmedins_name",
                "kind",
                "kind_label",
                "grade",
                "since",
                "objected",
            ],
            fixmedins_code=_TEXT,
            fixmedins_name=_TEXT,
            kind=_TEXT,
            kind_label=_TEXT,
            grade=_TEXT | {"description": "现行等级，含公布以后的变动"},
            since=_DAY | {"description": "现行等级自何日起"},
            objected=_FLAG | {"description": "有异议正在核查（异议标注）"},
        ),
    },
    **{"from": _DAY},
)

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "定点管理系统接口", "version": "1"},
    "security": [{"token": []}],
    "paths": {
        "/api/v1/eligibility": {
            "get": {
                "summary": "一项服务能否由基金支付（以服务日期为准）",
                "operationId": "eligibility",
                "parameters": [
                    _asked("institution", _TEXT, "机构医保编码", needed=True),
                    _asked("service_date", _DAY, "服务日期", needed=True),
                    _asked("practitioner", _TEXT, "人员医保编码"),
                    _asked("department", _TEXT, "科室"),
                    _asked("emergency", _FLAG, "急诊、抢救"),
                    _asked("known_at", {"type": "string", "format": "date-time"}, "按当时所知回答"),
                ],
                "responses": {"200": _answer("Verdict"), **_WRONG},
            }
        },
        "/api/v1/eligibility/bulk": {
            "post": {
                "summary": "许多项服务，按询问的顺序回答",
                "operationId": "eligibilityBulk",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Questions"}}
                    },
                },
                "responses": {"200": _answer("Answers"), **_WRONG, "413": _PROBLEM},
            }
        },
        "/api/v1/ratings/{cycle}": {
            "get": {
                "summary": "一个评价周期已经公布的信用等级（与公众查询所见相同，不含得分）",
                "operationId": "ratings",
                "parameters": [
                    {
                        "name": "cycle",
                        "in": "path",
                        "required": True,
                        "schema": _TEXT,
                        "description": "评价周期的名称，以令牌的统筹区为限",
                    },
                    _asked("page", _COUNT, "第几页，从 1 起"),
                    _asked("per_page", _COUNT | {"maximum": 1000}, "每页几家，默认 100"),
                ],
                "responses": {"200": _answer("Ratings"), **_WRONG},
            }
        },
        "/api/v1/statements": {
            "post": {
                "summary": "报送一个月的费用申报；同一 Idempotency-Key 重复报送只受理一次",
                "operationId": "declareStatement",
                "parameters": [
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "required": True,
                        "schema": {"type": "string", "minLength": 8, "maxLength": 64},
                        "description": "本次报送的一次性编号",
                    }
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Declared"}}
                    },
                },
                "responses": {
                    "200": _answer("Statement"),
                    "201": _answer("Statement"),
                    **_WRONG,
                    "403": _PROBLEM,
                    "409": _PROBLEM,
                    "413": _PROBLEM,
                },
            }
        },
        "/api/v1/openapi.json": {
            "get": {
                "summary": "本说明",
                "operationId": "description",
                "security": [],
                "responses": {
                    "200": {"description": "OpenAPI 3.1", "content": {"application/json": {}}}
                },
            }
        },
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Reason": _object(
                ["code", "article", "from", "to"],
                code=_TEXT,
                article=_TEXT,
                **{name: {"type": ["string", "null"], "format": "date"} for name in ("from", "to")},
            ),
            "Verdict": _object(
                ["payable", "reasons"],
                payable=_FLAG,
                reasons={"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
            ),
            "Questions": _object(
                ["questions"],
                questions={
                    "type": "array",
                    "maxItems": 10_000,
                    "items": _object(
                        ["institution", "service_date"],
                        institution=_TEXT,
                        service_date=_DAY,
                        practitioner=_TEXT,
                        department=_TEXT,
                        emergency=_FLAG,
                    ),
                },
            ),
            "Answers": _object(
                ["answers"],
                answers={
                    "type": "array",
                    "items": _object(
                        ["payable", "reasons"],
                        payable=_FLAG,
                        reasons={"type": "array", "items": _TEXT},
                    ),
                },
            ),
            "Declared": _object(
                [
                    "fixmedins_code",
                    "insurance",
                    "month",
                    "claimed_on",
                    "total",
                    "line_count",
                    "lines",
                ],
                fixmedins_code=_TEXT,
                insurance={"type": "string", "enum": ["employee", "resident"]},
                month={"type": "string", "description": "2026-01"},
                claimed_on=_DAY,
                total=_AMOUNT,
                line_count={"type": "integer"},
                lines={
                    "type": "array",
                    "maxItems": 50_000,
                    "items": _object(
                        ["voucher", "service_date", "amount"],
                        voucher=_TEXT,
                        service_date=_DAY,
                        amount=_AMOUNT,
                        practitioner_code=_TEXT,
                        department=_TEXT,
                        emergency=_FLAG,
                        inpatient=_FLAG,
                        admission_date=_DAY,
                        drg_group=_TEXT,
                        points=_TEXT,
                    ),
                },
            ),
            "Statement": _object(
                ["number", "state", "insurance", "month", "total", "line_count"],
                number=_TEXT,
                state=_TEXT,
                insurance=_TEXT,
                month=_TEXT,
                total=_AMOUNT,
                line_count={"type": "integer"},
            ),
            "Ratings": _RATINGS,
            "Problem": _object(
                ["title", "status", "detail"],
                type=_TEXT,
                title=_TEXT,
                status={"type": "integer"},
                detail=_TEXT,
                basis=_TEXT,
            ),
        },
    },
}
