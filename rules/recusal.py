"""回避: who must not sit in the evaluation of one institution, and why. Facts in, sentences out."""

from __future__ import annotations

from dataclasses import dataclass

from rules.words import Labelled


class TieNature(Labelled):
    """What ties an expert to an institution."""

    WORKS = "works", "在该机构任职"
    WORKED = "worked", "曾在该机构任职"
    RELATIVE = "relative", "近亲属在该机构任职或者持有股份"
    INTEREST = "interest", "与该机构有经济往来或者其他利害关系"


@dataclass(frozen=True)
class ExpertFacts:
    """What is known about one expert towards one applicant. `ties`: nature with its note."""

    user_id: int
    id_index: str | None
    name: str
    ties: tuple[tuple[TieNature, str], ...] = ()
    declared: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApplicantFacts:
    """The applicant's side: who typed the application in, and its office holders past and present."""

    proxy_id: int | None
    office_index: frozenset[str]
    office_names: frozenset[str] = frozenset()


def reasons(expert: ExpertFacts, applicant: ApplicantFacts) -> tuple[str, ...]:
    """Every reason for which this expert must step aside; none: the expert may sit."""
    found = []
    if applicant.proxy_id is not None and expert.user_id == applicant.proxy_id:
        found.append("代机构填报了本件申请")
    if expert.id_index and expert.id_index in applicant.office_index:
        found.append("是该机构现任或者曾任的法定代表人、主要负责人、实际控制人")
    for nature, note in expert.ties:
        found.append(f"{nature.label}{f'（{note}）' if note else ''}")
    found += [f"声明回避：{why}" for why in expert.declared]
    return tuple(found)


def hints(expert: ExpertFacts, applicant: ApplicantFacts) -> tuple[str, ...]:
    """What a person should look at, though it proves nothing: the name of an office holder without an ID number."""
    if not expert.id_index and expert.name in applicant.office_names:
        return ("与该机构负责人同名，未登记证件号码，请核实是否为同一人",)
    return ()
