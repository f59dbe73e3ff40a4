"""What a token of another system may ask for. A token has the scopes it was issued with and no others."""

from __future__ import annotations

from rules.words import Labelled


class Scope(Labelled):
    ELIGIBILITY = "eligibility", "查询服务能否支付"
    STATEMENTS = "statements", "报送费用申报"
    RATINGS = "ratings", "查询已公布的信用等级"
