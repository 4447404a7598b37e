"""Opening hours of a park out of the words of its source, in English and in Chinese."""

import re
from datetime import time

from geo.parks.park import Hours

ALL_DAY = (time(0), time(0))
ASSUMED = Hours(opens=time(7), closes=time(19), assumed=True)

Span = tuple[time, time]

_CLOCK = r"(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\.?"
_MIDNIGHT = r"12(?::00)?\s*(?:midnight|mn)"
_ENGLISH_SPAN = re.compile(rf"(?:from\s+)?{_CLOCK}\s*(?:to|-|–)\s*(?:({_MIDNIGHT})|{_CLOCK})")
_ENGLISH_ALL_DAY = re.compile(r"24\s*(?:hours|hrs|hr)")
# Words around the hours that do not change them.
_ENGLISH_FILLING = re.compile(r"mondays to sundays and public holidays:?|daily|\(free of charge\)")
_EXCEPTION = re.compile(r"\(except[^)]*\)")

_CHINESE_CLOCK = r"(上午|早上|下午|晚上|凌晨)(\d{1,2}|[一二三四五六七八九十]{1,2})時(?:(\d{1,2})分)?"
_CHINESE_SPAN = re.compile(rf"{_CHINESE_CLOCK}至{_CHINESE_CLOCK}")
_CHINESE_ALL_DAY = re.compile(r"24小時|全日|24hr")
_CHINESE_NUMERALS = "零一二三四五六七八九十"


def read_hours(english: str, chinese: str = "") -> Hours:
    """Daily hours of the gates as the source tells them.

    They are assumed (07:00-19:00) where the text is empty, speaks of a part of the park, of sessions that are booked or
    of several spans, cannot be understood, or is contradicted by the Chinese text.
    A stated exception ("except Monday") leaves hours that are assumed too, and never wider than what was stated.
    """
    words = english.casefold().strip()
    without_exception = _EXCEPTION.sub("", words)
    stated = read_english(without_exception)
    if stated is None:
        return ASSUMED
    in_chinese = read_chinese(chinese)
    if in_chinese is not None and in_chinese != stated:
        return ASSUMED
    if without_exception != words:
        return _no_wider_than(stated)
    return Hours(*stated, assumed=False)


def read_english(text: str) -> Span | None:
    """Opening and closing time of "7:30 am - 11 pm daily", "24 hours" and the like; None unless all of it is plain."""
    words = _ENGLISH_FILLING.sub("", text.casefold()).strip()
    if _ENGLISH_ALL_DAY.fullmatch(words):
        return ALL_DAY
    found = _ENGLISH_SPAN.fullmatch(words)
    if found is None:
        return None
    hour, minute, half, midnight, last_hour, last_minute, last_half = found.groups()
    opens = _twelve_hour_clock(int(hour), int(minute or 0), half == "p")
    closes = time(0) if midnight else _twelve_hour_clock(int(last_hour), int(last_minute or 0), last_half == "p")
    return _span(opens, closes)


def read_chinese(text: str) -> Span | None:
    """The same of "每日上午7時至晚上11時"; None where there is no such span, or more than one."""
    words = re.sub(r"\s", "", text)
    spans = _CHINESE_SPAN.findall(words)
    all_day = _CHINESE_ALL_DAY.search(words) is not None
    if all_day and not spans:
        return ALL_DAY
    if len(spans) != 1 or all_day:
        return None
    first, last = spans[0][:3], spans[0][3:]
    return _span(_chinese_time(*first), _chinese_time(*last))


def _twelve_hour_clock(hour: int, minute: int, afternoon: bool) -> time | None:
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return time(hour % 12 + (12 if afternoon else 0), minute)


def _chinese_time(half: str, hour: str, minute: str) -> time | None:
    number = int(hour) if hour.isdigit() else sum(_CHINESE_NUMERALS.index(sign) for sign in hour)
    # 晚上12時 and 凌晨12時 are both midnight; 下午12時 is noon.
    afternoon = half in ("下午", "晚上") and not (half == "晚上" and number == 12)
    return _twelve_hour_clock(number, int(minute or 0), afternoon)


def _span(opens: time | None, closes: time | None) -> Span | None:
    # Equal times would mean all day, which no source writes so: take it for a slip of the pen.
    return None if opens is None or closes is None or opens == closes else (opens, closes)


def _no_wider_than(stated: Span) -> Hours:
    opens, closes = stated
    if stated == ALL_DAY:
        return ASSUMED
    latest = ASSUMED.closes if closes <= opens else min(closes, ASSUMED.closes)
    earliest = max(opens, ASSUMED.opens)
    return Hours(earliest, latest, assumed=True) if earliest < latest else ASSUMED
