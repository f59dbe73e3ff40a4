"""Keys of seals: from a file or on a device, and what their certificates say. Asks no clock, no database."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from asn1crypto import pem, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import Certificate as Certified
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko_certvalidator.registry import SimpleCertificateStore

# What signs: a key from a file, a key on a device. Another algorithm is another Signer (its maker's library behind
# `async_sign_raw`), its name among ALGORITHMS here, and a check of its signatures in `documents.signatures`.
Signer = signers.Signer
ALGORITHMS = {"rsa", "ec"}  # what readers of PDF files check
DIGEST = "sha256"
KEPT_FOR = 400  # letters
WRONG_ALGORITHM = "签名证书的算法不能用于文书签名，请换用 RSA 或者 ECDSA 的签名证书。"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
SM2_CURVE = "1.2.156.10197.1.301"  # GM/T 0006
SM2 = (
    "这是国密 SM2 算法的证书。文书是 PDF，按 PAdES 签名，通用的 PDF 阅读器不查验 SM2 签名，本系统暂不受理；"
    "请向电子认证服务机构另外申领 RSA 或者 ECDSA 算法的签名证书。"
)


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


class OpenKey(signers.Signer):
    """A key of a file, read and checked when the file is opened; the library's own does both for each signature."""

    def __init__(
        self, key: PrivateKey, certificate: x509.Certificate, others: list[x509.Certificate]
    ) -> None:
        known = SimpleCertificateStore()
        known.register_multiple(others)
        super().__init__(signing_cert=certificate, cert_registry=known)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Signed; on a dry run only as long as a signature can be."""
        if dry_run:
            return bytes(self._key.key_size // 4 + 16)
        if digest_algorithm != DIGEST:
            raise SigningError(f"signatures here are made with {DIGEST}, not {digest_algorithm}")
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


Opened = tuple[PrivateKey, Certified, list[Certified]]


def key_of(content: bytes, passphrase: str) -> OpenKey:
    """The key and certificates of a PKCS#12 file. NoKey when it does not open or holds no key that can sign."""
    return _key(_open(content, passphrase))


class Ring:
    """Keeps the last opened file open for some hundred letters: opening one takes longer than signing a letter.

    For keys which the process may open at any time, as those of the agency; never for one that somebody shows.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[bytes, Opened] | None = None
        self._left = 0

    def key_of(self, content: bytes, passphrase: str) -> OpenKey:
        """As the function of this name."""
        which = hashlib.sha256(hashlib.sha256(content).digest() + passphrase.encode()).digest()
        with self._lock:
            kept = self._kept
            if kept is None or kept[0] != which or not self._left:
                self._kept = kept = (which, _open(content, passphrase))
                self._left = KEPT_FOR
            self._left -= 1
        return _key(kept[1])

    def forget(self) -> None:
        with self._lock:
            self._kept = None


def _open(content: bytes, passphrase: str) -> Opened:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError as error:
        raise NoKey("证书文件打不开：口令不对，或者不是 PKCS#12 文件。") from error
    except UnsupportedAlgorithm as error:
        raise NoKey(SM2 if SM2_CURVE in str(error) else WRONG_ALGORITHM) from error
    if key is None or certificate is None:
        raise NoKey("证书文件里没有私钥或者没有证书。")
    if not isinstance(key, PrivateKey):
        raise NoKey(WRONG_ALGORITHM)
    return key, certificate, others


def _key(opened: Opened) -> OpenKey:
    """With certificates of its own: reading them is not safe in two threads at once."""
    key, certificate, others = opened
    return OpenKey(key, _read(certificate), [_read(one) for one in others])


def _read(one: Certified) -> x509.Certificate:
    return x509.Certificate.load(one.public_bytes(Encoding.DER))


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
    if key.signing_cert is None:
        raise NoKey("密钥没有证书。")
    return told(key.signing_cert)


def told(found: x509.Certificate) -> Certificate:
    """What it says about itself. NoKey for an algorithm that no `Signer` here signs with and no reader checks."""
    if is_sm2(found):
        raise NoKey(SM2)
    if found.public_key.algorithm not in ALGORITHMS:
        raise NoKey(WRONG_ALGORITHM)
    return Certificate(
        number=format(found.serial_number, "X"),
        name=name_of(found.subject),
        issuer=name_of(found.issuer),
        valid_from=found.not_valid_before.date(),
        valid_to=found.not_valid_after.date(),
        pem=pem.armor("CERTIFICATE", found.dump()).decode("ascii"),
    )


def is_sm2(found: x509.Certificate) -> bool:
    """An SM2 key calls itself an elliptic one, of a curve of its own."""
    algorithm = found.public_key["algorithm"]
    return algorithm["algorithm"].native == "ec" and algorithm["parameters"].native == SM2_CURVE


def certificate(text: str) -> x509.Certificate:
    """From its PEM."""
    _kind, _headers, content = pem.unarmor(text.encode("ascii"))
    return x509.Certificate.load(content)


def name_of(subject: x509.Name) -> str:
    return str(subject.native.get("common_name", "") or subject.human_friendly)[:200]
