"""The demo agency's electronic seal: a certificate of an authority nobody knows, its picture a 样章."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from actions import letters, official_seals
from commands.demo_people import Cast

AUTHORITY, PASSPHRASE = "示例根证书（演示用，不具有效力）", "样章口令"
YEARS = timedelta(days=3650)


def put_in_use(cast: Cast, on: date) -> None:
    """Registered by one administrator, approved by the other, before the first letter."""
    name = letters.head().agency
    content = sample_key(name, on=on)
    row = official_seals.register(
        name, content=content, passphrase=PASSPHRASE, sample=True, actor=cast["sysadmin"], on=on
    )
    official_seals.approve(row, actor=cast["secadmin"], on=on)


def sample_key(name: str, *, on: date) -> bytes:
    """A PKCS#12 file with a key, its certificate of ten years and that of an authority made for it alone."""
    authority = rsa.generate_private_key(65537, 2048)
    root = _certificate(AUTHORITY, AUTHORITY, authority, authority, on, is_authority=True)
    own = rsa.generate_private_key(65537, 2048)
    leaf = _certificate(name, AUTHORITY, own, authority, on, is_authority=False)
    secret = BestAvailableEncryption(PASSPHRASE.encode())
    return pkcs12.serialize_key_and_certificates(name.encode(), own, leaf, [root], secret)


def _certificate(
    name: str,
    issuer: str,
    key: rsa.RSAPrivateKey,
    signing: rsa.RSAPrivateKey,
    on: date,
    *,
    is_authority: bool,
) -> x509.Certificate:
    start = datetime.combine(on, time(), UTC)
    builder = x509.CertificateBuilder(
        subject_name=_named(name),
        issuer_name=_named(issuer),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=start,
        not_valid_after=start + YEARS,
    )
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(
        x509.BasicConstraints(ca=is_authority, path_length=None), critical=True
    ).add_extension(usage, critical=True)
    return builder.sign(signing, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
