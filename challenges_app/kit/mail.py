"""Mail: one message to one address, by SMTP, into a folder, or printed on the console of a demo."""

import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

PATIENCE_S = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """A message; `id` stays the same when it is sent again, so that readers' programs show it once."""

    id: str
    to: str
    subject: str
    text: str


Send = Callable[[Mail], None]


def transport(setting: str) -> Send:
    """The way for mail: `console`, `folder:PATH`, or `smtp://`, `smtps://` with user, password, host and port.

    The answer raises OSError (of which smtplib's errors are kinds) when a message cannot be handed over. `?from=` names
    the sender. Raises ValueError in one sentence for anything else.
    """
    if setting == "console":
        return _print
    if setting.startswith("folder:"):
        folder = Path(setting.removeprefix("folder:"))
        return lambda mail: _put(folder, mail)
    parts = urlsplit(setting)
    sender = parts.query.removeprefix("from=")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
        raise ValueError("EPLUS_MAIL must be console, folder:PATH or smtp://user:password@host:port?from=address.")
    return lambda mail: _smtp(setting, unquote(sender), mail)


def message(mail: Mail, sender: str) -> EmailMessage:
    """A message as it travels; plain text only, so that nothing in it can be loaded or hidden."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, mail.to, mail.subject
    made["Message-ID"] = f"<{mail.id}@{sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    return made


def _print(mail: Mail) -> None:
    sys.stdout.write(f"\n── mail to {mail.to} ──\n{mail.subject}\n\n{mail.text}\n──\n")
    sys.stdout.flush()


def _put(folder: Path, mail: Mail) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{mail.id}.eml").write_bytes(message(mail, "e-plus@localhost").as_bytes())


def _smtp(url: str, sender: str, mail: Mail) -> None:
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "", parts.port or 0, timeout=PATIENCE_S) as server:
        if parts.username:
            if parts.scheme == "smtp":
                server.starttls()  # a password never travels in the clear
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message(mail, sender))
