"""A seal of nobody, to measure signing with: key and certificate made for the run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "benchmark"  # noqa: S105 of a key of nobody
FROM = datetime(2026, 1, 1, tzinfo=UTC)


def key_file() -> bytes:
    """PKCS#12, RSA of 2048 bits as most seals have."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例县医疗保障事业中心")])
    certificate = x509.CertificateBuilder(
        subject_name=name,
        issuer_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=FROM,
        not_valid_after=FROM + timedelta(days=3650),
    ).sign(key, hashes.SHA256())
    secret = BestAvailableEncryption(PASSPHRASE.encode())
    return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, secret)
