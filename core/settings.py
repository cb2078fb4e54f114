"""What an operator can set: environment (``BID_…``) before the file ``bid.toml``; docs/settings.md names all."""

import os
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

LEAST_CONTRAST: Final = 4.5  # WCAG 2.2, 1.4.3


class Settings(BaseSettings):
    """Settings of one installation (one country). Unknown names in the file are refused."""

    model_config = SettingsConfigDict(
        env_prefix="BID_", toml_file="bid.toml", extra="forbid", frozen=True
    )

    country: str = Field("ZM", pattern="^[A-Z]{2}$", description="Country of this installation.")
    data_dir: Path = Field(
        Path("var"), description="Folder for the database, sealed files and keys."
    )
    database_url: str | None = Field(
        None,
        description="Database address; SQLite in data_dir when empty, PostgreSQL as postgresql://…",
    )
    data_country: str | None = Field(
        None,
        pattern="^[A-Z]{2}$",
        description="Country in which database and files lie; that of the installation when empty.",
    )
    data_permit: str | None = Field(
        None,
        min_length=3,
        description="Number of the permit to keep personal data abroad, where the law asks for one.",
    )
    master_key_file: Path | None = Field(
        None, description="File with the master keys; data_dir/keys/master.json when empty."
    )
    packs_dir: Path | None = Field(
        None,
        description="Folder with country packs of your own, looked at before the built-in ones.",
    )
    host: str = Field("127.0.0.1", description="Address the API listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the API listens on.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[A-Za-z0-9.:\[\]/_~-]{1,200}$",
        description="Address people reach this installation at; printed papers name it as the place to check them.",
    )
    secure_cookies: bool = Field(
        True, description="Send session cookies over HTTPS only; off only on a laptop."
    )
    session_idle_minutes: int = Field(15, ge=1, description="Sign-in ends after this idle time.")
    session_hours: int = Field(10, ge=1, description="Sign-in ends after this time in any case.")
    max_body_mib: int = Field(2, ge=1, le=64, description="Largest request body, files excepted.")
    max_file_mib: int = Field(50, ge=1, le=50, description="Largest attachment.")
    exchange_dir: Path | None = Field(
        None,
        description="Folder for sealed packages on their way; data_dir/exchange when empty. All workers share it.",
    )
    exchange_open_deliveries: int = Field(
        20, ge=1, le=20, description="Unfinished deliveries one partner may have here."
    )
    exchange_unfinished_mib: int = Field(
        2048, ge=1, le=2048, description="MiB one partner may announce in unfinished deliveries."
    )
    exchange_reserve_mib: int = Field(
        512, ge=0, description="MiB of the disk kept free whatever partners send."
    )
    stamp_url: str | None = Field(
        None,
        description="Time-stamping authority (RFC 3161) asked about checkpoints of the evidence log; off when empty.",
    )
    stamp_roots: Path | None = Field(
        None,
        description="Root certificates (PEM) of that authority; without them no stamp is asked for.",
    )
    virus_scanner: str | None = Field(
        None,
        description="Socket of clamd, a path or host:port, that looks at what comes in from abroad; off when empty.",
    )
    procedure_runner: Literal["embedded", "worker", "off"] = Field(
        "embedded",
        description="Who advances cases: this process, separate workers, or nobody (tests).",
    )
    prefect_api_url: str | None = Field(
        None, description="Address of a Prefect server apart; empty embeds one in `bid serve`."
    )
    prefect_auth: SecretStr | None = Field(
        None, description="user:password for a Prefect server apart."
    )
    prefect_database_url: str | None = Field(
        None, description="Database of the embedded Prefect server; SQLite in data_dir when empty."
    )
    calendar_hours: int = Field(
        0, ge=0, le=168, description="How often members' own calendars are fetched; never when 0."
    )
    sweep_seconds: int = Field(300, ge=1, description="How often time limits are looked at.")
    lease_seconds: int = Field(60, ge=5, description="How long a runner holds a case.")
    metrics_token: SecretStr | None = Field(
        None,
        description="What a Prometheus server sends as its bearer token; no metrics when empty.",
    )
    smtp_url: SecretStr | None = Field(
        None, description="Mail server for notices, smtp://user:pass@host:port; off when empty."
    )
    mail_from: str | None = Field(None, description="Sender address of notices.")
    page_colour: str | None = Field(
        None,
        pattern="^#[0-9a-f]{6}$",
        description="Colour of the band at the top of every page, such as #1d4e50; dark enough for white letters.",
    )
    mirrored_language: bool = Field(
        False,
        description="For whoever builds pages: adds a made-up language that runs from right to left.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log line written."
    )

    @field_validator("page_colour")
    @classmethod
    def _is_readable(cls, colour: str | None) -> str | None:
        if colour is not None and contrast_with_white(colour) < LEAST_CONTRAST:
            raise ValueError("white letters cannot be read on it: choose a darker colour")
        return colour

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the file named by ``BID_CONFIG`` (or ``bid.toml``)."""
        del dotenv_settings, file_secret_settings
        path = Path(os.environ.get("BID_CONFIG", "bid.toml"))
        toml = TomlConfigSettingsSource(settings_cls, toml_file=path)
        return init_settings, env_settings, toml

    @property
    def database(self) -> str:
        """The address to connect to, with the driver named."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'bid.sqlite3').resolve()}"
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def master_keys(self) -> Path:
        """Where the master keys are; never inside the database or its backup."""
        return self.master_key_file or self.data_dir / "keys" / "master.json"

    @property
    def exchange_folder(self) -> Path:
        """Where sealed packages lie on their way out and in, named by id."""
        return self.exchange_dir or self.data_dir / "exchange"

    @property
    def files_dir(self) -> Path:
        """Where sealed attachments are kept, named by id."""
        return self.data_dir / "files"


def contrast_with_white(colour: str) -> float:
    """Return how well white letters stand out on a colour (``#rrggbb``), from 1 to 21. Source: WCAG 2.2, 1.4.3."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [_linear(part) for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  sRGB
