"""Decisions about signing in: how many wrong tries are too many, and from where."""

from ipaddress import ip_address, ip_network

Limit = tuple[str, str, str]  # what, key, rate

# Of one account: each new browser is told of, so that a found card could fill a guardian's letter box.
SIGN_INS = "60 per hour"


def limits(place: str, name_index: str) -> list[Limit]:
    """What a try to sign in counts against until it proves right.

    A whole school may stand behind one address, so that limit is wide. Guessing one name from one place is stopped
    soon; from everywhere together later, lest anybody could lock a child out from afar.
    """
    return [
        ("sign-in-from", place, "300 per 5 minutes"),
        ("sign-in-name-from", f"{name_index}:{place}", "10 per 5 minutes"),
        ("sign-in-name", name_index, "60 per 5 minutes"),
    ]


def card_link(address: str, code: str) -> str:
    """What a printed card says: our page with the code behind a #, where no server's log sees it."""
    return f"{address}/#/card/{code}"


def network(address: str) -> str:
    """Where somebody asks from: the address; of IPv6 the /64, since that is what one subscriber has."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(found) if found.version == 4 else str(ip_network(f"{found}/64", strict=False))
