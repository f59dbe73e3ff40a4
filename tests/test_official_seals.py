"""Electronic seals: two administrators put one in use, letters issued from then on bear it, and it is retired."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pkcs11
import pkcs11.util
import pkcs11.util.x509
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from actions import letters, official_seals
from commands.demo_seals import PASSPHRASE, sample_key
from database import session
from documents import RenderFailed
from queries import official_seals as ask
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests.conftest import TODAY
from tests.letter_facts import OWN
from tests.web import client_for, post

NAME = "示例县医疗保障事业中心"
YEAR_AGO = TODAY - timedelta(days=365)


@pytest.fixture(scope="module")
def key():
    return sample_key(NAME, on=YEAR_AGO)


def registered(staff, key, **changes):
    given = {"content": key, "passphrase": PASSPHRASE, "sample": True} | changes
    return official_seals.register(NAME, actor=staff[Role.SYSADMIN], on=TODAY, **given)


@pytest.fixture
def seal(staff, key):
    row = registered(staff, key)
    official_seals.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    return row


def issued(kind, staff, on=TODAY):
    place = factories.institution(kind)
    family = place.kind.family
    facts = OWN["lapse"](family)
    return letters.issue("lapse", place, place, actor=staff[Role.LEADER], on=on, **facts)


def test_a_letter_issued_under_a_seal_is_signed_and_can_be_checked(
    app, kind, staff, seal, tmp_path
):
    letter = issued(kind, staff)
    pdf = letters.render(letter)
    (found,) = official_seals.checked(pdf)
    assert found["valid"]
    assert (found["signer"], found["certificate"]) == (NAME, seal.certificate_number)
    session.commit()
    file = tmp_path / "letter.pdf"
    file.write_bytes(pdf)
    answer = app.test_cli_runner().invoke(args=["documents", "verify", str(file), "--json"])
    told = json.loads(answer.stdout)
    assert told["known"]
    assert told["number"] == letter.number
    assert [one["valid"] for one in told["signatures"]] == [True]
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    file.write_bytes(changed)
    answer = app.test_cli_runner().invoke(args=["documents", "verify", str(file), "--json"])
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert not told["known"]
    assert not any(one["valid"] for one in told["signatures"])


def test_anybody_sees_who_signed(app, kind, staff, seal):
    letter = issued(kind, staff)
    letters.render(letter)
    session.commit()
    page = app.test_client().get(f"/public/verify/{letter.verify_code}").text
    assert letter.number in page
    assert seal.certificate_number in page
    assert "签名有效" in page


def test_a_letter_from_before_the_seal_bears_none(kind, staff, key):
    registered(staff, key)  # not approved yet
    letter = issued(kind, staff)
    assert letter.sealed_by == ""
    assert official_seals.checked(letters.render(letter)) == []


def test_a_seal_is_approved_by_another_and_is_the_only_one(staff, key, seal):
    row = registered(staff, sample_key("另一枚", on=YEAR_AGO))
    with pytest.raises(Denied):
        official_seals.approve(row, actor=staff[Role.SYSADMIN], on=TODAY)
    with pytest.raises(Refused, match="还没有停用"):
        official_seals.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    with pytest.raises(Refused, match="已经登记过"):
        registered(staff, key)
    official_seals.retire(seal, "证书到期换发", actor=staff[Role.SYSADMIN], on=TODAY)
    official_seals.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    assert ask.in_use(row.pooling_region, TODAY) is row


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"passphrase": "不是"}, "口令不对"),
        ({"content": b"hello"}, "不是 PKCS#12"),
        ({"content": None}, "二者选一"),
        ({"token": "设备"}, "二者选一"),
        ({"content": None, "token": "设备"}, "PKCS11_MODULE"),
    ],
)
def test_what_is_no_key_is_refused(staff, key, changes, why):
    with pytest.raises(Refused, match=why):
        registered(staff, key, **changes)


@pytest.mark.parametrize(
    ("begins", "taken"),
    [
        (TODAY + timedelta(days=1), False),
        (TODAY, True),
        (date(2016, 6, 17), True),  # 3,650 days later is 15 June 2026, its last day
        (date(2016, 6, 16), False),
    ],
)
def test_a_certificate_counts_from_its_first_to_its_last_day(staff, begins, taken):
    key = sample_key(NAME, on=begins)
    if taken:
        assert registered(staff, key).valid_from == begins
        return
    with pytest.raises(Refused, match="今天不在其中"):
        registered(staff, key)


def test_a_letter_that_waited_for_a_retired_seal_gets_the_next_one(kind, staff, seal):
    letter = issued(kind, staff)
    official_seals.retire(seal, "密钥泄露", actor=staff[Role.SYSADMIN], on=TODAY)
    with pytest.raises(RenderFailed, match="还没有新的印章"):
        letters.render(letter)
    following = registered(staff, sample_key(NAME, on=YEAR_AGO))
    official_seals.approve(following, actor=staff[Role.SECADMIN], on=TODAY)
    (found,) = official_seals.checked(letters.render(letter))
    assert found["valid"]
    assert found["certificate"] == following.certificate_number


def test_an_expired_seal_is_named_to_whoever_approves_the_next(staff, seal):
    seal.valid_to = TODAY - timedelta(days=1)
    following = registered(staff, sample_key(NAME, on=YEAR_AGO))
    with pytest.raises(Refused, match="还没有停用"):
        official_seals.approve(following, actor=staff[Role.SECADMIN], on=TODAY)
    official_seals.retire(seal, "到期", actor=staff[Role.SYSADMIN], on=TODAY)
    official_seals.approve(following, actor=staff[Role.SECADMIN], on=TODAY)


def test_a_key_that_signs_nothing_that_holds_is_refused(staff):
    """Ed25519 and DSA keys open like others."""
    for make in (ed25519.Ed25519PrivateKey.generate, lambda: dsa.generate_private_key(2048)):
        own = make()
        leaf = certificate_for(own)
        secret = BestAvailableEncryption(PASSPHRASE.encode())
        content = pkcs12.serialize_key_and_certificates(b"x", own, leaf, None, secret)
        with pytest.raises(Refused, match="算法不能用于"):
            registered(staff, content)


def certificate_for(own):
    """Of this key, by an authority that is nobody."""
    issuer = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "示" * 60)])
    begins = datetime.combine(YEAR_AGO, time(), UTC)
    return x509.CertificateBuilder(
        subject_name=name,
        issuer_name=name,
        public_key=own.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=begins,
        not_valid_after=begins + timedelta(days=3650),
    ).sign(issuer, hashes.SHA256())


def test_a_key_that_does_not_answer_leaves_the_letter_unmade(staff, seal, monkeypatch):
    letter = issued("pharmacy", staff)
    seal.passphrase = "别的口令"
    session.flush()
    with pytest.raises(RenderFailed, match="口令不对"):
        letters.render(letter)
    assert letter.sha256 is None


def test_through_the_doors(app, staff, key):
    admin, other = client_for(app, staff[Role.SYSADMIN]), client_for(app, staff[Role.SECADMIN])
    sent = {"name": NAME, "passphrase": PASSPHRASE, "file": (io.BytesIO(key), "seal.p12")}
    assert post(admin, "/seals", **sent).status_code == 303
    (row,) = ask.listed(staff[Role.SYSADMIN].pooling_region)
    assert post(admin, f"/seals/{row.id}/approve").status_code == 403
    assert post(other, f"/seals/{row.id}/approve").status_code == 303
    page = other.get("/seals").text
    assert "使用中" in page
    assert row.certificate_number in page
    assert PASSPHRASE not in page
    assert admin.get(f"/seals/{row.id}/drawing").data.startswith(b"%PDF")
    assert post(admin, f"/seals/{row.id}/retire", reason="").status_code == 409
    assert admin.get(f"/seals/{10**20}/drawing").status_code == 404
    assert post(admin, f"/seals/{row.id}/retire", reason="换发").status_code == 303
    assert "已停用" in admin.get("/seals").text
    large = {"name": NAME, "passphrase": "x", "file": (io.BytesIO(b"x" * 300_000), "seal.p12")}
    assert "256 KB" in post(admin, "/seals", **large).text


MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def test_a_key_that_stays_on_a_device(staff, key, tmp_path, monkeypatch):
    """With a software token of another maker: the key is made and used on it, and never leaves it."""
    module = next((one for one in MODULES if Path(one).exists()), None)
    if module is None:
        pytest.skip("no software token (softhsm2) is installed")
    label, pin = "seal", "1234"
    token_with(module, label, pin, tmp_path, monkeypatch)
    official_seals.use(official_seals.Devices(pkcs11_module=module, pkcs11_pin=pin))
    row = registered(staff, None, content=None, passphrase="", token=label)
    assert row.key_file is None
    official_seals.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    (found,) = official_seals.checked(letters.render(issued("pharmacy", staff)))
    assert found["valid"]
    official_seals.use(official_seals.Devices(pkcs11_module=module, pkcs11_pin="9999"))
    with pytest.raises(RenderFailed, match="PIN"):
        letters.render(issued("hospital", staff))


def token_with(module, label, pin, folder, monkeypatch, content=None):
    """A token that holds the sample key and its certificate."""
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            pin,
            "--so-pin",
            pin,
        ],
        check=True,
        capture_output=True,
    )
    pkcs11.lib(module).reinitialize()  # it read which tokens there are when it was first used
    own, certificate, _more = pkcs12.load_key_and_certificates(
        content or sample_key(NAME, on=YEAR_AGO), PASSPHRASE.encode()
    )
    numbers = own.private_numbers()
    with pkcs11.lib(module).get_token(token_label=label).open(rw=True, user_pin=pin) as opened:
        big = pkcs11.util.biginteger
        opened.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
                pkcs11.Attribute.KEY_TYPE: pkcs11.KeyType.RSA,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: True,
                pkcs11.Attribute.SENSITIVE: True,
                pkcs11.Attribute.SIGN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.ID: b"1",
                pkcs11.Attribute.MODULUS: big(numbers.public_numbers.n),
                pkcs11.Attribute.PUBLIC_EXPONENT: big(numbers.public_numbers.e),
                pkcs11.Attribute.PRIVATE_EXPONENT: big(numbers.d),
                pkcs11.Attribute.PRIME_1: big(numbers.p),
                pkcs11.Attribute.PRIME_2: big(numbers.q),
                pkcs11.Attribute.EXPONENT_1: big(numbers.dmp1),
                pkcs11.Attribute.EXPONENT_2: big(numbers.dmq1),
                pkcs11.Attribute.COEFFICIENT: big(numbers.iqmp),
            }
        )
        stored = pkcs11.util.x509.decode_x509_certificate(certificate.public_bytes(Encoding.DER))
        opened.create_object(
            stored
            | {
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.ID: b"1",
            }
        )
