"""What each source says of each day, in packed hours, and the days that count."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant
from challenges_app.kit.outbox import Identity


class StepPerson(Base):
    """Somebody whose steps are known; whoever changes them holds this row, so that days are merged one at a time."""

    __tablename__ = "step_person"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class StepSource(Base):
    """A phone, watch or file that counts somebody's steps; its name may be a person's, so it is sealed."""

    __tablename__ = "step_source"
    __table_args__ = (
        UniqueConstraint("person_id", "name_index"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(String(40))
    name_index: Mapped[bytes] = mapped_column(LargeBinary(32), info=rights.left_out("digest"))
    name_sealed: Mapped[bytes] = mapped_column(info=rights.sealed("name_index"))


class StepDay(Base):
    """What a source says of a local day: 24 packed hours, its own total, what was typed in.

    Hours take two bytes each, or four where one of them has more than 65,535 steps. `twin`: somebody else's
    source said the same before. `released`: somebody looked at it and lets it count as it is.
    """

    __tablename__ = "step_day"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("step_source.id", ondelete="CASCADE"), primary_key=True)
    hours: Mapped[bytes | None] = mapped_column(LargeBinary(96), info=rights.packed("<24H", "<24I"))
    total: Mapped[int | None]
    by_hand: Mapped[int]
    fastest: Mapped[int]
    revised_at: Mapped[datetime | None] = mapped_column(Instant)
    twin: Mapped[bool] = mapped_column(default=False, server_default=false())
    released: Mapped[bool] = mapped_column(default=False, server_default=false())


class StepStretches(Base):
    """What a source has told of a day so far, of which each delivery holds only what is new; kept for thirty days."""

    __tablename__ = "step_stretches"
    __table_args__ = (
        Index(None, "changed_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("step_source.id", ondelete="CASCADE"), primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    stretches: Mapped[bytes] = mapped_column(info=rights.packed("<QI"))  # as `integrations.days` packs them


class StepPrint(Base):
    """Whose source said first what a day was, hour by hour: one device counts for one person a day.

    The print is keyed, and made of days only that nobody else could walk by chance.
    """

    __tablename__ = "step_print"
    __table_args__ = (
        Index(None, "person_id"),
        Index(None, "seen_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    print: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True, info=rights.left_out("digest"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime] = mapped_column(Instant)


class DailyTyped(Base):
    """The most steps that were typed in for a local day; they count only in challenges that say so."""

    __tablename__ = "daily_typed"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    steps: Mapped[int]


class DailyTotal(Base):
    """The steps of a local day that count, merged from all sources; a day without a row is not a day of zero."""

    __tablename__ = "daily_total"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    steps: Mapped[int]
