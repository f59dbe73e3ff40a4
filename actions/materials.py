"""材料: every file handed in for an item of the checklist is kept, with who gave it and whether it was passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions import letters
from models import Application, Material, MaterialFile
from models.material import MaterialState
from rules.lifecycle import ApplicationState as S
from rules.permissions import Actor, Permission, require
from rules.refusal import Refused


@dataclass(frozen=True)
class Upload:
    """A file handed in for one item of the checklist."""

    name: str
    content: bytes
    media_type: str


def hand_in(
    material: Material, application: Application, upload: Upload, *, actor: Actor, on: date
) -> None:
    """Put a file to an item. Refused once the item is passed or the application is no longer with the institution."""
    permission = (
        Permission.SUPPLEMENT
        if application.state in (S.SUPPLEMENTING, S.CLARIFYING)
        else Permission.SUBMIT_APPLICATION
    )
    require(actor, permission, application)
    if (
        application.state not in (S.DRAFT, S.SUPPLEMENTING, S.CLARIFYING)
        or material.state is MaterialState.PASSED
    ):
        raise Refused(
            "材料已提交审核，不能再更换。", cure="如被退回补正，可在补正时更换退回的材料。"
        )
    if application.state is S.SUPPLEMENTING and material.state is MaterialState.GIVEN:
        raise Refused(f"“{material.label}”没有被退回，不需要更换。")
    material.sha256 = letters.keep(upload.content, upload.media_type)
    material.file_name, material.given_on = upload.name, on
    material.files.append(
        MaterialFile(
            edition=len(material.files) + 1,
            file_name=upload.name,
            sha256=material.sha256,
            given_on=on,
            given_by=actor.name,
        )
    )
    if application.state is S.DRAFT:
        material.state = MaterialState.GIVEN


def check_material(
    material: Material,
    application: Application,
    *,
    passed: bool,
    reason: str,
    actor: Actor,
    on: date,
) -> None:
    """Pass or return one item; a return needs its reason. The verdict stands at the very file that was looked at."""
    require(actor, Permission.CHECK_MATERIAL, application)
    if application.state is not S.SUBMITTED:
        raise Refused("材料只在待受理时审核。")
    if material.sha256 is None:
        raise Refused(f"“{material.label}”没有提交文件，无需审核。")
    if not passed and not reason.strip():
        raise Refused(f"退回“{material.label}”须写明原因。", cure="请写明缺什么、怎样补。")
    material.state = MaterialState.PASSED if passed else MaterialState.RETURNED
    material.reason = "" if passed else reason.strip()
    latest = material.files[-1]
    latest.passed, latest.reason = passed, material.reason
    latest.checked_on, latest.checked_by = on, actor.name


def pass_all_given(application: Application, *, actor: Actor, on: date) -> int:
    """Pass every item that waits for the check. Returns how many."""
    waiting = [m for m in application.materials if m.state is MaterialState.GIVEN]
    if not waiting:
        raise Refused("没有待审核的材料。")
    for material in waiting:
        check_material(material, application, passed=True, reason="", actor=actor, on=on)
    return len(waiting)


def require_all_checked(application: Application) -> None:
    unchecked = [m.label for m in application.materials if m.state is MaterialState.GIVEN]
    if unchecked:
        raise Refused(f"还有材料没有审核：{'、'.join(unchecked)}。", cure="请逐项通过或者退回。")
