"""An agreement signed by the institution's own program, with a key that never comes here: ours, and nothing but signed."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import algos
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

import documents
from actions import institution_keys, letters, official_seals
from commands.demo_seals import PASSPHRASE
from database import session
from documents import seal_keys, signatures, signed_child, signed_outside, signing
from queries import institution_keys as ask
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.letter_facts import facts
from tests.test_institution_keys import concluded, key_for, offered, sealed, sign
from tests.test_official_seals import MODULES, token_with
from tests.web import client_for, flashes, post

__all__ = ["sealed"]  # a fixture
NAME = "示例样例机构"
AGENCY = "示例县医疗保障事业中心"
SM2_FILES = Path(__file__).parent / "data" / "sm2"


def signer(name=NAME):
    return seal_keys.key_of(key_for(name), PASSPHRASE)


@cache
def ours():
    """An agreement as the agency signed it, with the institution's place left free."""
    given = facts("agreement", "pharmacy") | {"sealed_by": "1", "institution_sealed_by": "2"}
    printed = documents.render("agreement", given)
    both = ["agency", "institution"]
    return signing.sign(printed, "agency", signer(AGENCY), seal=seal(), making=both)


@cache
def seal():
    return documents.render_seal(NAME, sample=True)


def outside(pdf, field="institution", key=None, change=None, **told):
    """What another program does: sign in the field, after whatever else it did to the file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if change is not None:
        change(writer)
    told = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256", **told)
    out = signers.PdfSigner(told, key or signer()).sign_pdf(writer)
    return out.getvalue()


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def more_text(writer):
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 100 100 Td (more) Tj ET")
    writer.add_stream_to_page(0, writer.add_object(stream))


def a_note(writer):
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    made = generic.DictionaryObject(
        {generic.pdf_name(k): generic.pdf_name(v) for k, v in note.items()}
    )
    made[generic.pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (1, 1, 90, 90)))
    made[generic.pdf_name("/Contents")] = generic.pdf_string("另有约定")
    reference = writer.find_page_for_modification(0)[0]
    page = reference.get_object()
    known = page.get("/Annots", generic.ArrayObject())
    page[generic.pdf_name("/Annots")] = generic.ArrayObject(
        [*(known.raw_get(n) for n in range(len(known))), writer.add_object(made)]
    )
    writer.mark_update(reference)


def moved(writer):
    for reference in (writer.root["/AcroForm"]["/Fields"].raw_get(n) for n in range(2)):
        widget = reference.get_object()
        if widget["/T"] == "institution":
            corners = map(generic.NumberObject, (0, 0, 500, 700))
            widget[generic.pdf_name("/Rect")] = generic.ArrayObject(corners)
            writer.mark_update(reference)


def another_field(writer):
    spec = fields.SigFieldSpec("elsewhere", on_page=0, box=(0, 0, 500, 700))
    fields.append_signature_field(writer, spec)


def test_a_file_signed_in_its_place_and_not_changed_tells_its_certificate():
    pem = seal_keys.certificate_of(signer()).pem
    assert signed_outside.certificate_in(ours(), outside(ours()), "institution") == pem


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: outside(ours(), change=more_text), "文件的内容有改动"),
        (lambda: outside(ours(), change=a_note), "页面、批注或者签章位置有改动"),
        (lambda: outside(ours(), change=moved), "页面、批注或者签章位置有改动"),
        (lambda: outside(ours(), change=another_field), "页面、批注或者签章位置有改动"),
        (lambda: outside(ours(), field="elsewhere"), "没有加在协议留给您单位的签章位置"),
        (lambda: outside(outside(ours()), field="third"), "新增了 2 个签名"),
        (lambda: after(outside(ours()), a_note), "批注|没有覆盖整个文件"),
        (lambda: after(outside(ours()), more_text), "没有覆盖整个文件"),
        (lambda: after(ours(), more_text), "新增了 0 个签名"),
        (lambda: broken(outside(ours())), "签名通不过查验"),
    ],
)
def test_a_file_that_was_changed_besides_is_not_taken(made, why):
    with pytest.raises(signed_child.Unsound, match=why):
        signed_child.certificate(ours(), made(), "institution")


def after(pdf, change):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    return written(writer)


def broken(pdf):
    """The last signature's own bytes are changed."""
    place = pdf.rindex(b"/Contents <") + 600
    return pdf[:place] + (b"0" if pdf[place : place + 1] != b"0" else b"1") + pdf[place + 1 :]


def test_a_signature_of_which_nothing_can_be_read_is_none():
    _agency, last = signatures.read(broken(outside(ours())))
    assert (last.signer, last.valid) == ("", False)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: outside(seal(), field="x"), "开头的内容与下载的文件不一致"),
        (lambda: ours(), "还没有签名"),  # noqa: PLW0108  # made when the test runs
        (lambda: ours() + b"0" * (signed_outside.MOST_ADDED + 1), "文件过大"),
        (lambda: ours() + b"%%EOF hello", "文件读不出签名"),
    ],
)
def test_what_is_not_our_file_signed_says_so(made, why):
    with pytest.raises(signed_outside.NotSound, match=why):
        signed_outside.certificate_in(ours(), made(), "institution")


@pytest.fixture
def waiting(staff, sealed, tmp_path, monkeypatch):
    """An institution whose certificate is registered from a file that its device signed."""
    agreement, user = offered("pharmacy", staff)
    sheet = institution_keys.sample(agreement.institution)
    row = institution_keys.register_signed(
        agreement.institution, outside(sheet, field="own"), actor=user, on=TODAY
    )
    assert (row.name, ask.number_in_use(agreement.institution_id, TODAY)) == (NAME, "")
    institution_keys.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    letter = concluded(agreement, user, staff)
    letters.render(letter)
    session.commit()
    return agreement, letter, user


@pytest.mark.once
def test_a_key_that_stays_on_the_institutions_device_signs_the_agreement(
    app, waiting, tmp_path, monkeypatch
):
    """With a software token, outside of the application: downloaded, signed, handed back through the door."""
    agreement, letter, user = waiting
    module = next((one for one in MODULES if Path(one).exists()), None)
    if module is None:
        pytest.skip("no software token (softhsm2) is installed")
    portal, here = client_for(app, user), f"/portal/agreements/{agreement.id}"
    first = portal.get(f"{here}/to-sign.pdf").data
    assert first == letters.render(letter)
    token_with(module, "usb", "1234", tmp_path, monkeypatch, key_for(NAME))
    row = ask.in_use(letter.institution_id, TODAY)
    own, row.certificate = row.certificate, seal_keys.certificate_of(signer(AGENCY)).pem
    with pytest.raises(Refused, match="不是登记的证书"):  # another one of the same number
        sign(letter, user)
    row.certificate = own
    with seal_keys.key_on_token(module, "usb", "1234") as key:
        both = outside(first, key=key)
    for wrong, why in (
        (outside(first, key=signer(AGENCY)), "不是登记的证书"),
        (outside(first, change=a_note), "批注"),
    ):
        answer = post(portal, f"{here}/signed", signed=(io.BytesIO(wrong), "signed.pdf"))
        assert (answer.status_code, why in answer.text) == (409, True)
    assert post(portal, f"{here}/signed").status_code == 409
    answer = post(portal, f"{here}/signed", signed=(io.BytesIO(both), "signed.pdf"))
    assert answer.status_code == 303, answer.text
    assert "您单位的电子签名" in flashes(portal, answer).text
    session.expire_all()
    assert letters.render(letter) == both
    assert [one["valid"] for one in official_seals.checked(both)] == [True, True]
    again = post(portal, f"{here}/signed", signed=(io.BytesIO(both), "signed.pdf"))
    assert "已经加盖" in again.text
    stranger = factories.actor(Role.INSTITUTION, institution=factories.institution("hospital"))
    other = client_for(app, stranger)
    assert other.get(f"{here}/to-sign.pdf").status_code == 404
    assert post(other, f"{here}/signed").status_code == 404
    with pytest.raises(Denied):
        institution_keys.accept(letter, both, actor=stranger, on=TODAY)


@pytest.mark.once
def test_a_device_certificate_is_registered_by_its_own_institution_and_while_it_is_valid(staff):
    agreement, user = offered("hospital", staff)
    place = agreement.institution
    sheet = institution_keys.sample(place)
    with pytest.raises(Refused, match="不一致"):
        institution_keys.register_signed(
            place, outside(sheet, field="own", key=signer(AGENCY)), actor=user, on=TODAY
        )
    signed = outside(sheet, field="own")
    last = seal_keys.certificate_of(signer()).valid_to
    with pytest.raises(Refused, match="今天不在其中"):
        institution_keys.register_signed(place, signed, actor=user, on=last + timedelta(days=1))
    with pytest.raises(Refused, match="还没有签名"):
        institution_keys.register_signed(place, sheet, actor=user, on=TODAY)
    assert institution_keys.register_signed(place, signed, actor=user, on=last).valid_to == last


class Sm2(signers.Signer):
    """A maker's own signer behind the interface: here it signs nothing that anybody could check."""

    async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
        return b"\0" * 72


def test_sm2_is_refused_with_its_name_and_the_cure(tmp_path):
    """A file, a device, a file signed outside: one place says why, and nothing falls over."""
    with pytest.raises(seal_keys.NoKey, match=r"SM2.*另外申领 RSA"):
        seal_keys.key_of((SM2_FILES / "key.p12").read_bytes(), "sm2-sample")
    found = seal_keys.certificate((SM2_FILES / "certificate.pem").read_text("ascii"))
    assert seal_keys.is_sm2(found)
    key = Sm2(
        signing_cert=found,
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "1.2.156.10197.1.501"}),
    )
    with pytest.raises(seal_keys.NoKey, match="SM2"):
        seal_keys.certificate_of(key)
    with pytest.raises(signed_child.Unsound, match=r"SM2.*另外申领 RSA"):
        signed_child.certificate(ours(), outside(ours(), key=key), "institution")


def test_rsa_and_ordinary_elliptic_keys_are_no_sm2():
    assert not seal_keys.is_sm2(signer().signing_cert)
