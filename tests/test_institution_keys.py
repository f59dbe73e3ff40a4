"""An institution's own key: registered by its holder, approved by the agency, the second signature of an agreement."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from actions import institution_keys, letters, official_seals, signatures
from commands.demo_seals import PASSPHRASE, sample_key
from database import session
from documents import signing
from queries import blobs
from queries import documents as ask_documents
from queries import institution_keys as ask
from rules.permissions import Denied, Role
from rules.refusal import Refused
from tests import factories
from tests import factories_renewal as world
from tests.conftest import TODAY
from tests.web import client_for, flashes, post

AGENCY = "示例县医疗保障事业中心"
YEAR_AGO = TODAY - timedelta(days=365)
_made: dict[str, bytes] = {}


def key_for(name):
    """One key a name for the whole file: making one takes its time."""
    if name not in _made:
        _made[name] = sample_key(name, on=YEAR_AGO)
    return _made[name]


@pytest.fixture
def sealed(staff):
    """The agency's own seal in use."""
    row = official_seals.register(
        AGENCY, content=key_for(AGENCY), passphrase=PASSPHRASE, sample=True, actor=staff[Role.SYSADMIN], on=TODAY
    )  # fmt: skip
    official_seals.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    return row


def offered(kind, staff):
    """An agreement that waits for the institution, and the institution's user."""
    following = world.offered(kind, staff).next_agreement
    following.institution.name = "示例样例机构"
    user = factories.actor(Role.INSTITUTION, institution=following.institution)
    session.flush()
    return following, user


def registered(user, place, **changes):
    given = {"content": key_for("示例样例机构"), "passphrase": PASSPHRASE} | changes
    return institution_keys.register(place, actor=user, on=TODAY, **given)


def concluded(agreement, user, staff):
    signatures.sign_for_institution(
        agreement, read=True, mandate="示例授权书", actor=user, on=TODAY
    )
    signatures.countersign(agreement, actor=staff[Role.LEADER], on=TODAY)
    (letter,) = letters.of(agreement, "agreement")
    return letter


@pytest.fixture
def waiting(kind, staff, sealed):
    """An agreement signed by the agency that has a place for the institution's signature, and its user."""
    agreement, user = offered(kind, staff)
    row = registered(user, agreement.institution)
    institution_keys.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    letter = concluded(agreement, user, staff)
    letters.render(letter)
    return agreement, letter, user


def sign(letter, user, **changes):
    given = {"content": key_for("示例样例机构"), "passphrase": PASSPHRASE} | changes
    institution_keys.sign(letter, actor=user, on=TODAY, **given)


def test_both_signatures_hold_in_order_and_the_first_file_stays_inside(waiting, tmp_path):
    _agreement, letter, user = waiting
    first = letters.render(letter)
    assert ask.awaits_signature(letter)
    sign(letter, user)
    both = letters.render(letter)
    assert both.startswith(first)
    assert [(one["signer"], one["valid"]) for one in official_seals.checked(both)] == [
        (AGENCY, True),
        ("示例样例机构", True),
    ]
    assert letter.first_sha256 == hashlib.sha256(first).hexdigest()
    for content in (first, both):
        found = ask_documents.by_sha256(hashlib.sha256(content).hexdigest())
        assert found.id == letter.id
    changed = bytearray(both)
    changed[len(first) // 2] ^= 1
    assert not any(one["valid"] for one in official_seals.checked(bytes(changed)))
    if shutil.which("pdfsig"):
        assert _pdfsig(both, tmp_path).count("Signature is Valid") == 2
        assert _pdfsig(bytes(changed), tmp_path).count("Signature is Valid") == 0


def _pdfsig(content, folder):
    file = folder / "signed.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout


@pytest.mark.once
@pytest.mark.parametrize("kind", ["pharmacy"], indirect=True)
def test_the_two_seals_stand_in_their_own_places(waiting):
    _agreement, letter, _user = waiting
    places = signing.places(PdfFileReader(io.BytesIO(letters.render(letter))))
    assert set(places) == {"agency", "institution"}
    assert places["agency"].bottom - places["institution"].bottom > signing.SEAL


@pytest.mark.once
@pytest.mark.parametrize("kind", ["pharmacy"], indirect=True)
def test_the_key_that_an_institution_shows_is_kept_nowhere(waiting, monkeypatch):
    _agreement, letter, user = waiting
    monkeypatch.setattr(official_seals._ring, "key_of", None)  # the agency's key alone is kept open
    shown = sample_key("示例样例机构", on=YEAR_AGO)
    official_seals.examined(shown, PASSPHRASE, "", _drawing(letter), TODAY)
    sign(letter, user)


def _drawing(letter):
    return blobs.content(official_seals.ask.by_certificate(letter.sealed_by).drawing)


@pytest.mark.once
@pytest.mark.parametrize("kind", ["pharmacy"], indirect=True)
def test_nobody_signs_twice_or_with_another_key_or_before_printing(waiting):
    _agreement, letter, user = waiting
    with pytest.raises(Refused, match="口令不对"):
        sign(letter, user, passphrase="不是")
    with pytest.raises(Refused, match="不是登记的证书"):
        sign(letter, user, content=key_for(AGENCY))
    printed, letter.sha256 = letter.sha256, None
    with pytest.raises(Refused, match="还没有生成"):
        sign(letter, user)
    letter.sha256 = printed
    with pytest.raises(Denied):
        sign(letter, factories.actor(Role.INSTITUTION, institution=factories.institution("clinic")))
    sign(letter, user)
    with pytest.raises(Refused, match="已经加盖"):
        sign(letter, user)


@pytest.mark.parametrize("kind", ["pharmacy"], indirect=True)
def test_the_second_of_two_at_once_finds_it_signed(waiting, monkeypatch):
    """Both read the file before either stored his: the stored one stays."""
    _agreement, letter, user = waiting
    whole = signing.sign

    def slow(pdf, *given, **more):
        signed = whole(pdf, *given, **more)
        monkeypatch.setattr(signing, "sign", whole)
        sign(letter, user)  # the other one, meanwhile
        return signed

    monkeypatch.setattr(signing, "sign", slow)
    with pytest.raises(Refused, match="已经加盖"):
        sign(letter, user)
    assert len(official_seals.checked(letters.render(letter))) == 2


@pytest.mark.once
@pytest.mark.parametrize("missing", ["institution", "agency"])
def test_without_both_keys_the_institution_stamps_by_hand(kind, staff, missing, request):
    if missing == "institution":
        request.getfixturevalue("sealed")
    agreement, user = offered(kind, staff)
    if missing == "agency":
        row = registered(user, agreement.institution)
        institution_keys.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    letter = concluded(agreement, user, staff)
    pdf = letters.render(letter)
    assert letter.facts["institution_sealed_by"] == ""
    assert len(official_seals.checked(pdf)) == (1 if missing == "institution" else 0)
    with pytest.raises(Refused, match="没有留出"):
        sign(letter, user)


@pytest.mark.once
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"passphrase": "不是"}, "口令不对"),
        ({"content": b"hello"}, "不是 PKCS#12"),
        ({"content": b""}, "二者选一"),
    ],
)
def test_what_is_no_key_is_not_registered(staff, changes, why):
    agreement, user = offered("pharmacy", staff)
    with pytest.raises(Refused, match=why):
        registered(user, agreement.institution, **changes)


@pytest.mark.once
def test_a_key_is_approved_by_another_one_at_a_time_and_names_its_institution(kind, staff):
    agreement, user = offered(kind, staff)
    place = agreement.institution
    with pytest.raises(Refused, match="不一致"):
        registered(user, place, content=key_for(AGENCY))
    row = registered(user, place)
    assert ask.number_in_use(place.id, TODAY) == ""
    with pytest.raises(Refused, match="已经登记过"):
        registered(user, place)
    for wrong in (user, staff[Role.SYSADMIN], staff[Role.LEADER]):
        with pytest.raises(Denied):
            institution_keys.approve(row, actor=wrong, on=TODAY)
    institution_keys.approve(row, actor=staff[Role.SECADMIN], on=TODAY)
    assert ask.number_in_use(place.id, TODAY) == row.certificate_number
    assert ask.number_in_use(place.id, row.valid_to) == row.certificate_number
    assert ask.number_in_use(place.id, row.valid_to + timedelta(days=1)) == ""
    another = registered(user, place, content=sample_key("示例样例机构", on=YEAR_AGO))
    with pytest.raises(Refused, match="还没有停用"):
        institution_keys.approve(another, actor=staff[Role.SECADMIN], on=TODAY)
    with pytest.raises(Refused, match="写明理由"):
        institution_keys.retire(row, " ", actor=user, on=TODAY)
    institution_keys.retire(row, "密钥遗失", actor=user, on=TODAY)
    institution_keys.approve(another, actor=staff[Role.SECADMIN], on=TODAY)
    assert ask.number_in_use(place.id, TODAY) == another.certificate_number
    assert row.certificate in ask.certificates()  # what it signed stays valid


@pytest.mark.once
def test_through_the_doors(app, staff, sealed):
    agreement, user = offered("pharmacy", staff)
    portal, admin = client_for(app, user), client_for(app, staff[Role.SECADMIN])
    file = lambda: (io.BytesIO(key_for("示例样例机构")), "key.p12")  # noqa: E731  # a stream is read once
    answer = post(portal, "/portal/keys", file=file(), passphrase=PASSPHRASE)
    assert answer.status_code == 303, answer.text
    page = flashes(portal, answer).text
    assert "待核准" in page
    (row,) = ask.of_institution(agreement.institution_id)
    assert row.certificate_number in admin.get("/institution-keys").text
    assert post(portal, f"/institution-keys/{row.id}/approve").status_code == 403
    assert post(admin, f"/institution-keys/{row.id}/approve").status_code == 303
    letter = concluded(agreement, user, staff)
    letters.render(letter)
    session.commit()
    here = f"/portal/agreements/{agreement.id}"
    assert "加盖单位电子签名" in portal.get(here).text
    assert row.certificate_number in portal.get(f"{here}/signature").text
    assert post(portal, f"{here}/signature", passphrase=PASSPHRASE).status_code == 400
    answer = post(portal, f"{here}/signature", file=file(), passphrase=PASSPHRASE)
    assert answer.status_code == 303, answer.text
    assert "您单位的电子签名" in flashes(portal, answer).text
    assert portal.get(f"{here}/signature").status_code == 404
    public = app.test_client().get(f"/public/verify/{letter.verify_code}").text
    assert public.count("签名有效") == 2
    stranger = client_for(
        app, factories.actor(Role.INSTITUTION, institution=factories.institution("hospital"))
    )
    assert stranger.get(f"{here}/signature").status_code == 404
    assert post(stranger, f"/portal/keys/{row.id}/retire", reason="样例").status_code == 404
    assert post(portal, f"/portal/keys/{row.id}/retire", reason="密钥遗失").status_code == 303
    assert PASSPHRASE not in portal.get("/portal/keys").text
