"""Files as they came: kept sealed before they are understood and for thirty days after, and known by their digest."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class StepDelivery(Base):
    """A file that somebody gave; the file itself is gone after thirty days, its keyed digest stays."""

    __tablename__ = "step_delivery"
    __table_args__ = (
        UniqueConstraint("person_id", "digest"),
        Index(None, "state", "received_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), info=rights.left_out("digest"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))  # waiting | reading | keeping | done | refused | cancelled | removed
    share: Mapped[float]  # of the file that has been read, 0 to 1
    tries: Mapped[int]
    lease_until: Mapped[datetime | None] = mapped_column(Instant)  # while a worker reads it
    spool: Mapped[str | None] = mapped_column(String(64))  # the sealed file's name, while it is there
    spool_key_sealed: Mapped[bytes | None] = mapped_column(info=rights.left_out("key"))
    provider: Mapped[str | None] = mapped_column(String(40))
    days: Mapped[int]  # days of a source that it told of
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    # JSON; shows bits of the person's own file
    problems_sealed: Mapped[bytes | None] = mapped_column(info=rights.sealed(as_json=True))
    more_problems: Mapped[int]
