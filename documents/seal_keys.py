"""Keys of seals: from a file or on a device, and what their certificates say. Asks no clock, no database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from asn1crypto import pem, x509
from cryptography.hazmat.primitives.serialization import pkcs12
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

Signer = signers.Signer
ALGORITHMS = {"rsa", "ec"}  # what readers of PDF files check


class NoKey(Exception):
    """A key cannot be used; the text is one Chinese sentence."""


@dataclass(frozen=True)
class Certificate:
    """`number`: the serial number, hexadecimal. `pem`: the certificate itself, without the key."""

    number: str
    name: str
    issuer: str
    valid_from: date
    valid_to: date
    pem: str


def key_of(content: bytes, passphrase: str) -> signers.SimpleSigner:
    """The key and certificates of a PKCS#12 file. NoKey when it does not open or holds no key."""
    secret = passphrase.encode()
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(content, secret)
    except ValueError as error:
        raise NoKey("证书文件打不开：口令不对，或者不是 PKCS#12 文件。") from error
    if key is None or certificate is None:
        raise NoKey("证书文件里没有私钥或者没有证书。")
    signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=secret)
    if signer is None:
        raise NoKey("证书文件里的私钥不能用于签名。")
    return signer


@contextmanager
def key_on_token(module: str, label: str, pin: str) -> Iterator[signers.Signer]:
    """The key that a PKCS#11 device keeps to itself, while its session is open. NoKey when it does not answer.

    `module`: the maker's library; `label`: of the token, and of the one certificate on it.
    """
    try:
        session = open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=label), user_pin=pin
        )
    except (PKCS11Error, SigningError, OSError) as error:
        raise NoKey(f"密码设备“{label}”没有响应，或者 PIN 不对。") from error
    with session:
        try:
            key = PKCS11Signer(session, cert_label=label)
            _ = key.signing_cert
        except (PKCS11Error, SigningError) as error:
            raise NoKey(f"密码设备“{label}”里没有同名的证书和私钥。") from error
        yield key


def certificate_of(key: signers.Signer) -> Certificate:
    """What the certificate of a key says about itself."""
    found = key.signing_cert
    if found is None:
        raise NoKey("密钥没有证书。")
    if found.public_key.algorithm not in ALGORITHMS:
        raise NoKey("签名证书的算法不能用于文书签名，请换用 RSA 或者 ECDSA 的签名证书。")
    return Certificate(
        number=format(found.serial_number, "X"),
        name=name_of(found.subject),
        issuer=name_of(found.issuer),
        valid_from=found.not_valid_before.date(),
        valid_to=found.not_valid_after.date(),
        pem=pem.armor("CERTIFICATE", found.dump()).decode("ascii"),
    )


def certificate(text: str) -> x509.Certificate:
    """From its PEM."""
    _kind, _headers, content = pem.unarmor(text.encode("ascii"))
    return x509.Certificate.load(content)


def name_of(subject: x509.Name) -> str:
    return str(subject.native.get("common_name", "") or subject.human_friendly)[:200]
