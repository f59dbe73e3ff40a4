"""Who may sign: the institution's signer by capacity or mandate, the agency by its level or authorisation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import regulations
from rules.refusal import Refused
from rules.words import Labelled


class SignerCapacity(Labelled):
    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    PRINCIPAL = "principal", "主要负责人"
    AGENT = "agent", "授权代理人"


@dataclass(frozen=True)
class AgencyAuthority:
    """The agency's level and, below the level of the law, the document that authorises it. `basis`: the article."""

    label: str
    in_principle: bool
    mandate: str
    basis: str
    required: str


def require_signer(
    capacity: SignerCapacity, mandate: str, name: str, holders: Collection[str]
) -> None:
    """Refused for an agent without a mandate, and for an office holder who is not the registered one."""
    if capacity is SignerCapacity.AGENT:
        if not mandate.strip():
            raise Refused(
                "授权代理人签署须写明授权委托书。", cure="请填写授权委托书的名称、编号和日期。"
            )
        return
    if name not in holders:
        raise Refused(
            f"签署人 {name} 不是机构档案登记的{capacity.label}。",
            cure="请由登记的人员签署，或者以授权代理人身份签署并写明授权委托书。",
        )


def authority(level: str, mandate: str, *, family: str, on: date) -> AgencyAuthority:
    """What entitles an agency of this level to sign."""
    rows = {row.key: row for row in regulations.at(on, family).table("agency_levels")}
    row = rows[level]
    required = next(r.label for r in reversed(rows.values()) if r.extra["signs"])
    return AgencyAuthority(
        row.label, bool(row.extra["signs"]), mandate.strip(), row.basis, required
    )


def require_authority(found: AgencyAuthority) -> None:
    """Refused when the agency is below the level of the law and names no authorisation."""
    if not found.in_principle and not found.mandate:
        raise Refused(
            f"服务协议原则上由{found.required}及以上经办机构签订，本机构为{found.label}经办机构，没有登记授权文件。",
            basis=found.basis,
            cure="请由系统管理员在设置 AGENCY_MANDATE 中写明授权文件，或者报上级经办机构签订。",
        )
