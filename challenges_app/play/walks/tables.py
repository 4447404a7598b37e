"""The fingerprints of movement by which a replay is found."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class MovementMark(Base):
    """A keyed fingerprint of a few seconds of movement, kept 30 days; it cannot be turned back into places.

    `origin` is a keyed digest of who moved and when, so that the same recording sent twice is not a replay.
    """

    __tablename__ = "movement_mark"
    __table_args__ = ({"info": rights.exempt("keyed digests without any id; unreadable, and gone after 30 days")},)

    mark: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    origin: Mapped[bytes] = mapped_column(LargeBinary(32))
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)
