"""What a token of another system may ask for. A token has the scopes it was issued with and no others."""

from __future__ import annotations

from collections.abc import Collection

from rules.refusal import Refused
from rules.words import Labelled

AGENCY = "经办机构"


class Scope(Labelled):
    ELIGIBILITY = "eligibility", "查询服务能否支付"
    STATEMENTS = "statements", "报送费用申报"
    RATINGS = "ratings", "查询已公布的信用等级"


def check_sender(scopes: Collection[Scope], *, named: bool, agency: bool) -> None:
    """Refused unless a key for handing in statements says whose, and one of an institution does nothing else."""
    if named and agency:
        raise Refused("报送机构只能选择一种：一家机构，或者经办机构自己的系统。")
    if Scope.STATEMENTS in scopes and not (named or agency):
        raise Refused(
            "报送费用申报的令牌应当写明一家机构。",
            cure="请填写该机构的医保编码；经办机构自己的系统报送的，勾选“经办机构自己的系统”。",
        )
    if named and set(scopes) != {Scope.STATEMENTS}:
        raise Refused(
            "写明机构的令牌只能用于报送费用申报。", cure="其他用途请另行签发，不写明机构。"
        )
    if agency and Scope.STATEMENTS not in scopes:
        raise Refused("令牌不用于报送费用申报，不需要写明报送机构。")


def may_send(sender_id: int | None, institution_id: int, *, agency: bool) -> bool:
    """May a key of this sender hand in a statement of this institution? One that says neither may not."""
    return agency or sender_id == institution_id
