"""Signatures in a PDF: whole seals, whole fields, each signer's file inside the next, and every changed byte found."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
from datetime import UTC, date, datetime, time, timedelta

import pypdf
import pypdfium2  # type: ignore[import-untyped]  # published without types
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

import documents
from commands.demo_seals import PASSPHRASE, sample_key
from documents import seal_keys, signatures, signing
from documents.letters import freeze
from tests.letter_facts import FAMILIES, facts

pytestmark = pytest.mark.pure
DAY = date(2026, 1, 1)
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
SCALE = 6  # pixels a point
HERE = {"agency": "示例县医疗保障事业中心", "institution": "示例县样例医院"}


@pytest.fixture(scope="module")
def keys():
    return {
        field: seal_keys.key_of(sample_key(name, on=DAY), PASSPHRASE)
        for field, name in HERE.items()
    }


@pytest.fixture(scope="module")
def drawing():
    return documents.render_seal(HERE["agency"], sample=True)


def roots(keys):
    return [seal_keys.certificate(seal_keys.certificate_of(key).pem) for key in keys.values()]


def letter(kind, family):
    return documents.render(kind, freeze(kind, **facts(kind, family, sealed_by="1F")))


@pytest.fixture(scope="module", params=FAMILIES)
def signed(request, keys, drawing):
    pdf = letter("suspension", request.param)
    return agency_signs(pdf, keys, drawing)


def agency_signs(pdf, keys, drawing, making=("agency",)):
    return signing.sign(pdf, "agency", keys["agency"], seal=drawing, making=making, reason="示例")


def test_it_signs_and_checks_where_an_event_loop_runs_already(keys, drawing):
    async def within():
        signed = agency_signs(letter("suspension", "pharmacy"), keys, drawing)
        return signatures.read(signed, roots(keys))

    (found,) = asyncio.run(within())
    assert found.valid


def test_the_signature_holds_and_names_its_signer(signed, keys):
    (found,) = signatures.read(signed, roots(keys))
    assert found.valid
    assert found.signer == HERE["agency"]
    assert found.certificate == seal_keys.certificate_of(keys["agency"]).number


def test_a_certificate_that_nobody_approved_is_not_trusted(signed):
    (found,) = signatures.read(signed)
    assert found.intact
    assert not found.valid


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_changed_byte_is_found(signed, keys, place):
    changed = bytearray(signed)
    changed[int(len(signed) * place)] ^= 1
    try:
        found = signatures.read(bytes(changed), roots(keys))
    except ValueError:
        return  # not even readable any more
    assert not any(one.valid for one in found)


def test_two_sign_in_order_and_the_first_file_stays_inside(keys, drawing):
    ready = _with_two_places(letter("agreement", "medical"))
    first = signing.sign(
        ready, "institution", keys["institution"], seal=drawing, making=["institution", "agency"]
    )
    both = signing.sign(first, "agency", keys["agency"], seal=drawing)
    assert both.startswith(first)
    found = signatures.read(both, roots(keys))
    assert [one.field for one in found] == ["institution", "agency"]
    assert all(one.valid for one in found)


def _with_two_places(pdf: bytes) -> bytes:
    """The agency's place named a second time, for the other side, as an agreement of two keys has it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    names = writer.root_object["/Names"]["/Dests"]["/Names"]  # type: ignore[index]  # pypdf's nested dictionaries
    index = names.index("seal-agency")
    names.extend([pypdf.generic.TextStringObject("seal-institution"), names[index + 1]])
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_the_slices_at_the_edges_are_one_whole_seal(signed, drawing):
    """The slices of the pages, put side by side, are the seal that was registered."""
    pages = pypdfium2.PdfDocument(signed)
    slices = []
    for page in pages:
        picture = page.render(scale=SCALE).to_pil().convert("RGB")
        width = round(SCALE * signing.SEAL / len(pages))
        bottom = picture.height * (1 - signing.EDGE_HEIGHT)
        top = round(bottom - SCALE * signing.SEAL)
        slices.append(picture.crop((picture.width - width, top, picture.width, round(bottom))))
    whole = pypdfium2.PdfDocument(drawing)[0].render(scale=SCALE).to_pil().convert("RGB")
    assert len(slices) == 2
    for number, part in enumerate(slices):
        left = round(number * whole.width / 2)
        wanted = whole.crop((left, 0, left + part.width, part.height))
        differing = sum(a != b for a, b in zip(_red(part), _red(wanted), strict=True))
        assert differing / (part.width * part.height) < 0.03  # rounding to pixels


def _red(picture):
    return [red > 150 and green < 110 for red, green, _blue in picture.get_flattened_data()]


def test_a_single_page_has_no_seal_across_its_edge(keys, drawing):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(letter("acceptance", "medical")))
    writer.remove_page(0)  # the seal is on the last one
    single = io.BytesIO()
    writer.write(single)
    assert len(writer.pages) == 1
    signed = agency_signs(single.getvalue(), keys, drawing)
    assert b"EdgeSeal" not in signed
    assert all(one.valid for one in signatures.read(signed, roots(keys)))


def test_a_seal_is_in_the_file_once_however_often_it_is_shown(signed):
    """Across two edges and in its field."""
    reader = pypdf.PdfReader(io.BytesIO(signed))
    drawings = {
        one.idnum
        for page in reader.pages
        for name, one in page["/Resources"]["/XObject"].items()
        if name.startswith("/EdgeSeal")
        for one in [page["/Resources"]["/XObject"].raw_get(name)]
    }
    (field,) = reader.root_object["/AcroForm"]["/Fields"]
    shown = field.get_object()["/AP"]["/N"]["/Resources"]["/XObject"]
    drawings |= {shown.raw_get(name).idnum for name in shown}
    assert len(drawings) == 1


def test_a_wrong_passphrase_is_told():
    with pytest.raises(seal_keys.NoKey, match="口令不对"):
        seal_keys.key_of(sample_key("示例", on=DAY), "不是口令")


def file_with(key, digest):
    """A PKCS#12 file of a key and the certificate it gave itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE["agency"])])
    start = datetime.combine(DAY, time(), UTC)
    builder = x509.CertificateBuilder(
        subject_name=name,
        issuer_name=name,
        public_key=key.public_key(),
        serial_number=7,
        not_valid_before=start,
        not_valid_after=start + timedelta(days=3650),
    )
    usage = dict.fromkeys(USAGES, False) | {"content_commitment": True}
    builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    secret = BestAvailableEncryption(PASSPHRASE.encode())
    return pkcs12.serialize_key_and_certificates(b"x", key, builder.sign(key, digest), [], secret)


def test_a_key_on_a_curve_signs_as_well(drawing):
    key = seal_keys.key_of(
        file_with(ec.generate_private_key(ec.SECP521R1()), hashes.SHA256()), PASSPHRASE
    )
    (found,) = signatures.read(
        agency_signs(letter("acceptance", "pharmacy"), {"agency": key}, drawing),
        roots({"agency": key}),
    )
    assert found.valid


def test_a_key_of_another_algorithm_cannot_sign():
    content = file_with(ed25519.Ed25519PrivateKey.generate(), None)
    with pytest.raises(seal_keys.NoKey, match="RSA 或者 ECDSA"):
        seal_keys.key_of(content, PASSPHRASE)


def test_a_ring_opens_a_file_once_and_no_other_passphrase_opens_it(monkeypatch):
    opened = []
    reads = seal_keys.pkcs12.load_key_and_certificates
    monkeypatch.setattr(
        seal_keys.pkcs12,
        "load_key_and_certificates",
        lambda *given: opened.append(given) or reads(*given),
    )
    ring, content = seal_keys.Ring(), sample_key("示例", on=DAY)
    for _ in range(3):
        ring.key_of(content, PASSPHRASE)
    assert len(opened) == 1
    with pytest.raises(seal_keys.NoKey, match="口令不对"):
        ring.key_of(content, "不是口令")
    ring.forget()
    ring.key_of(content, PASSPHRASE)
    assert len(opened) == 3


def test_a_ring_opens_the_file_again_after_some_hundred_letters(monkeypatch):
    monkeypatch.setattr(seal_keys, "KEPT_FOR", 2)
    ring, content = seal_keys.Ring(), sample_key("示例", on=DAY)
    used = [ring.key_of(content, PASSPHRASE)._key for _ in range(3)]
    assert used[0] is used[1]
    assert used[1] is not used[2]


def test_what_is_no_pdf_has_no_signatures():
    with pytest.raises(ValueError, match="readable"):
        signatures.read(b"hello")


@pytest.mark.parametrize("tool", ["pdfsig", "qpdf"])
def test_other_programs_agree(signed, tmp_path, tool):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    file, changed = tmp_path / "signed.pdf", tmp_path / "changed.pdf"
    file.write_bytes(signed)
    if tool == "qpdf":
        assert subprocess.run(["qpdf", "--check", file], check=False).returncode == 0
        return
    broken = bytearray(signed)
    broken[len(signed) // 2] ^= 1
    changed.write_bytes(broken)
    said = [
        subprocess.run(["pdfsig", one], capture_output=True, text=True, check=False).stdout
        for one in (file, changed)
    ]
    assert "Signature is Valid" in said[0]
    assert "Signature is Valid" not in said[1]
