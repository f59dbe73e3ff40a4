"""What a password has to be. Not law of the trade but house rules, so they are constants and no parameters."""

from __future__ import annotations

import secrets
import string

SHORTEST, LONGEST = (
    12,
    128,
)  # long enough not to be guessed; longer ones are refused before they are hashed
CLASSES_NEEDED = 3  # of the four: capital, small, digit, other
PARTS_TOO_COMMON = (  # whatever is built around one of these is guessed first
    "password", "passw0rd", "p@ssw0rd", "p@ssword", "qwerty", "asdfgh", "zxcvbn", "1qaz2wsx", "admin123", "123456",
    "654321", "111111", "000000", "888888", "666666", "abc123", "abcdef", "iloveyou", "welcome", "letmein", "woaini",
    "yibao", "dingdian", "医保", "密码",
)  # fmt: skip
SHORTEST_NAME = 3  # a user name of one or two letters is part of every text

_READABLE = [sign for sign in string.ascii_letters + string.digits if sign not in "0O1lI"]


def faults(password: str, username: str) -> list[str]:
    """Why this may not be the user's password, in Chinese; empty when it may."""
    found = []
    if not SHORTEST <= len(password) <= LONGEST:
        found.append(f"密码应为 {SHORTEST} 到 {LONGEST} 位。")
    if classes(password) < CLASSES_NEEDED:
        found.append(f"密码应包含大写字母、小写字母、数字、其他符号中的至少 {CLASSES_NEEDED} 类。")
    small = password.casefold()
    if len(username) >= SHORTEST_NAME and username.casefold() in small:
        found.append("密码不能包含用户名。")
    if any(part in small for part in PARTS_TOO_COMMON):
        found.append("密码包含过于常见的词语或者数字，容易被猜中。")
    if len(set(password)) <= SHORTEST // 2 and not found:
        found.append("密码中不同的字符太少。")
    return found


def classes(password: str) -> int:
    """How many of the four classes of signs occur."""
    tests = (
        any("A" <= sign <= "Z" for sign in password),
        any("a" <= sign <= "z" for sign in password),
        any("0" <= sign <= "9" for sign in password),
        any(not (sign.isascii() and sign.isalnum()) for sign in password),
    )
    return sum(tests)


def initial() -> str:
    """A password to be read out once and changed at first use: four groups without look-alike signs."""
    while True:
        groups = ["".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4)]
        password = "-".join(groups)
        if not faults(password, ""):
            return password
