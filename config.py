"""Settings: read from the environment or `.env` once at start, refused with a sentence when wrong."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent


class WrongSetting(ValueError):
    """A setting cannot be used; the sentence names the setting, the reason and the cure."""


@dataclass(frozen=True)
class Settings:
    """Every setting of the product. `flask doctor` lists them; secrets are shown as present or absent."""

    database_url: str = f"sqlite:///{ROOT / 'var' / 'dingdian.db'}"
    secret_key: str = ""
    data_key: str = ""
    index_key: str = ""
    site_name: str = "示例县医疗保障两定机构管理系统"
    agency: str = "示例县医疗保障事业中心"
    bureau: str = "示例县医疗保障局"
    agency_level: str = "county"
    agency_mandate: str = ""
    fund_account: str = ""
    damages_account: str = ""
    letter_prefix: str = "示医保"
    division: str = "990123"
    local_overlay: str = ""
    events_anchor: str = ""
    session_idle_minutes: int = 30
    session_hours: int = 8
    session_secure: bool = False
    demo: bool = False
    font_fangsong: str = ""
    font_title: str = ""
    letters_at_once: int = min(len(os.sched_getaffinity(0)), 4)
    public_address: str = ""
    pkcs11_module: str = ""
    pkcs11_pin: str = ""
    timestamp_url: str = ""

    @property
    def verify_address(self) -> str:
        """Where anybody checks the code of a letter; empty: the letter's QR holds the code alone."""
        return f"{self.public_address.rstrip('/')}/public/verify/" if self.public_address else ""

    @property
    def mandate(self) -> str:
        """By what document an agency below the level of the law signs; the demo has a sample, nobody else a default."""
        return self.agency_mandate or (SAMPLE_MANDATE if self.demo else "")

    @property
    def accounts(self) -> dict[str, str]:
        """Where money is brought, by its destination: name, bank and number; the demo has samples."""
        sample = SAMPLE_ACCOUNTS if self.demo else ("", "")
        return {
            "fund": self.fund_account or sample[0],
            "agency": self.damages_account or sample[1],
        }

    @property
    def anchor_file(self) -> Path:
        """Where the head of the events chain is written after each commit: outside the database."""
        if self.events_anchor:
            return Path(self.events_anchor)
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///") + ".anchor")
        return ROOT / "var" / f"events-{self.database_url.rsplit('/', 1)[-1]}.anchor"


SAMPLE_MANDATE = "示例市医疗保障局关于委托县级经办机构签订服务协议的通知（样例）"
SAMPLE_ACCOUNTS = (
    "示例县医疗保障基金财政专户，示例银行，账号 0000 0001（样例）",
    "示例县医疗保障事业中心，示例银行，账号 0000 0002（样例）",
)
AGENCY_LEVELS = ("province", "prefecture", "county")
SECRETS = ("secret_key", "data_key", "index_key")
HIDDEN = (*SECRETS, "pkcs11_pin")  # never shown, only whether they are there


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment over `.env` over the defaults. Raises WrongSetting."""
    given = {**dotenv_values(ROOT / ".env"), **(os.environ if environ is None else environ)}
    chosen: dict[str, Any] = {
        field.name: _convert(field.name, str(field.type), text)
        for field in fields(Settings)
        if (text := given.get(field.name.upper()))
    }
    settings = Settings(**chosen)
    _check(settings)
    return settings


def _convert(name: str, kind: str, text: str) -> str | int | bool:
    if kind == "bool":
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise WrongSetting(f"设置 {name.upper()}={text} 无效：只接受 1/0、true/false、yes/no。")
        return text.lower() in {"1", "true", "yes"}
    if kind == "int":
        if not text.isascii() or not text.isdigit() or int(text) == 0:
            raise WrongSetting(f"设置 {name.upper()}={text} 无效：应为正整数。")
        return int(text)
    return text


def _check(settings: Settings) -> None:
    for name in SECRETS:
        if not getattr(settings, name):
            raise WrongSetting(
                f"缺少设置 {name.upper()}：请先运行 script/setup，它会在 .env 中生成。"
            )
    for name in ("data_key", "index_key"):
        try:
            size = len(base64.urlsafe_b64decode(getattr(settings, name)))
        except ValueError:
            size = 0
        if size != 32:
            raise WrongSetting(f"设置 {name.upper()} 无效：应为 32 字节的 base64url 文本。")
    if settings.agency_level not in AGENCY_LEVELS:
        raise WrongSetting(
            f"设置 AGENCY_LEVEL={settings.agency_level} 无效：只接受 {'、'.join(AGENCY_LEVELS)}。"
        )
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting(
            "设置 DATABASE_URL 无效：应以 sqlite:/// 或 postgresql+psycopg:// 开头。"
        )
