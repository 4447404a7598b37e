"""Every table there is: importing this module fills the metadata, for migrations and for the house rules."""

from challenges_app.kit import bucket, due, outbox
from challenges_app.kit.db import Base
from challenges_app.people.accounts import tables as accounts
from challenges_app.people.care_links import tables as care_links
from challenges_app.people.companions import tables as companions
from challenges_app.people.consents import tables as consents
from challenges_app.people.erasures import tables as erasures
from challenges_app.people.factors import tables as factors
from challenges_app.people.households import tables as households
from challenges_app.people.identity import tables as identity
from challenges_app.people.notices import tables as notices
from challenges_app.people.organisations import tables as organisations
from challenges_app.people.persons import tables as persons
from challenges_app.people.schools import tables as schools
from challenges_app.play.activity import tables as activity
from challenges_app.play.appeals import tables as appeals
from challenges_app.play.arrivals import tables as arrivals
from challenges_app.play.captures import tables as captures
from challenges_app.play.challenges import tables as challenges
from challenges_app.play.connections import tables as connections
from challenges_app.play.deliveries import tables as deliveries
from challenges_app.play.ledger import tables as ledger
from challenges_app.play.phones import tables as phones
from challenges_app.play.players import tables as players
from challenges_app.play.standings import tables as standings
from challenges_app.play.walks import tables as walks

METADATA = Base.metadata

__all__ = [
    "METADATA", "accounts", "activity", "appeals", "arrivals", "bucket", "captures", "care_links", "challenges",
    "companions", "connections", "consents", "deliveries", "due", "erasures", "factors", "households", "identity",
    "ledger", "notices", "organisations", "outbox", "persons", "phones", "players", "schools", "standings", "walks",
]  # fmt: skip
