"""The courses of a day, by kind of use: shares of the peak load at hours of local time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

Course = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A course for each type of day; Saturday and holiday default to Sunday's, Sunday's to work's.

    `drift_h` is how far a day's timing may shift; ratios scale whole days.
    """

    work: Course
    saturday: Course | None = None
    sunday: Course | None = None
    holiday: Course | None = None
    spring_ratio: float = 1.0
    vacation_ratio: float = 1.0
    drift_h: float = 0.12


def _course(text: str) -> Course:
    """Read "hour/share hour/share ...", from 0 to 24 o'clock."""
    points = (point.split("/") for point in text.split())
    return tuple((float(hour), float(share)) for hour, share in points)


def _flat(share: float) -> Course:
    return ((0.0, share), (24.0, share))


_OFFICE = Pattern(
    work=_course(
        "0/0.2 6.5/0.2 7.5/0.42 9/0.95 11.5/1 12.5/0.84 14/0.99 17/0.95 18.5/0.58 "
        "20.5/0.36 22.5/0.22 24/0.2"
    ),
    saturday=_course("0/0.2 7.5/0.2 9.5/0.36 16/0.36 19/0.24 24/0.2"),
    sunday=_course("0/0.2 8/0.2 10/0.27 16/0.27 19/0.2 24/0.2"),
    spring_ratio=0.75,
)
_HOTEL = Pattern(
    work=_course(
        "0/0.5 2/0.38 5/0.38 7/0.66 8.5/0.7 10.5/0.54 12/0.58 14.5/0.5 17.5/0.7 19.5/1 "
        "21.5/0.97 23/0.7 24/0.5"
    ),
    saturday=_course(
        "0/0.56 2/0.43 5.5/0.42 8/0.8 9.5/0.76 12/0.64 15/0.56 17.5/0.78 19.5/1.08 22/1.02 24/0.56"
    ),
    sunday=_course(
        "0/0.54 2/0.42 5.5/0.41 8/0.76 9.5/0.74 12/0.6 15/0.52 17.5/0.7 19.5/0.94 22/0.88 24/0.5"
    ),
)
_KITCHEN = Pattern(
    work=_course(
        "0/0.1 5/0.1 6/0.6 8/0.65 9.5/0.3 11.5/1 13/0.8 14.5/0.22 16.5/0.5 18.5/1 "
        "20.5/0.6 22/0.15 24/0.1"
    ),
    vacation_ratio=1.0,
)
_MALL = Pattern(
    work=_course(
        "0/0.13 7/0.13 9/0.35 10/0.85 12.5/0.93 15/0.88 18/0.97 20.5/1 21.8/0.9 "
        "22.5/0.35 23.5/0.15 24/0.13"
    ),
    sunday=_course(
        "0/0.14 7/0.14 9/0.38 10/0.92 13/1.02 16/1.03 20/1.05 21.8/0.95 22.7/0.4 23.6/0.16 24/0.14"
    ),
    spring_ratio=0.92,
)
_THREE_SHIFT = Pattern(  # shifts change at 0, 8 and 16: the lines are handed over in half an hour
    work=_course(
        "0/0.72 0.25/0.9 3.5/0.88 3.75/0.78 4.25/0.9 7.5/0.92 8/0.7 8.5/0.98 11.75/1 "
        "12.25/0.85 12.75/1 15.5/0.98 16/0.72 16.5/0.97 19.75/0.97 20.25/0.85 "
        "20.75/0.96 23.5/0.94 24/0.72"
    ),
    sunday=_course(
        "0/0.72 0.25/0.78 7.5/0.78 8/0.6 8.5/0.82 15.5/0.8 16/0.62 16.5/0.76 23.5/0.74 24/0.62"
    ),
    spring_ratio=0.28,
    drift_h=0.04,
)
_TWO_SHIFT = Pattern(
    work=_course(
        "0/0.3 0.5/0.14 6.9/0.14 7.5/0.45 8.25/0.96 11.5/1 12/0.58 12.9/0.6 13.25/0.98 "
        "15.75/0.96 16.1/0.7 16.6/0.93 19.5/0.92 20/0.55 20.75/0.88 23.5/0.82 24/0.3"
    ),
    saturday=_course(
        "0/0.14 7.2/0.14 8.25/0.62 11.5/0.64 12/0.4 13.25/0.62 16/0.6 16.75/0.18 24/0.14"
    ),
    sunday=_flat(0.14),
    spring_ratio=0.7,
    drift_h=0.05,
)
_SCHOOL = Pattern(
    work=_course(
        "0/0.22 5.5/0.2 7/0.55 8.5/0.92 11.5/1 13/0.78 14.5/0.96 17/0.84 18.5/0.72 "
        "21/0.8 22.5/0.5 23.5/0.26 24/0.22"
    ),
    sunday=_course("0/0.22 7/0.22 9.5/0.42 12/0.46 19/0.5 22/0.42 24/0.22"),
    spring_ratio=0.8,
    vacation_ratio=0.38,
)
_HOSPITAL = Pattern(
    work=_course(
        "0/0.52 5/0.5 6.5/0.6 8.5/0.97 11/1 12.5/0.86 15/0.98 17/0.84 19/0.72 22/0.58 24/0.52"
    ),
    sunday=_course("0/0.5 5/0.48 7/0.58 9/0.78 11/0.8 15/0.74 19/0.66 22/0.56 24/0.5"),
)
_METRO = Pattern(
    work=_course(
        "0/0.2 0.5/0.14 4.5/0.14 5.5/0.5 7.25/1 9/0.95 10/0.64 16/0.66 17.5/1 19/0.93 "
        "20.5/0.62 22.5/0.48 23.5/0.3 24/0.2"
    ),
    sunday=_course("0/0.2 0.5/0.14 4.5/0.14 5.7/0.4 9/0.66 14/0.74 19/0.76 22/0.5 24/0.2"),
    spring_ratio=0.85,
    drift_h=0.03,
)
_TERMINAL = Pattern(
    work=_course("0/0.52 2/0.42 4/0.42 6/0.82 8/0.96 12/1 16/0.99 20/0.97 22.5/0.82 24/0.52"),
)
_WATER = Pattern(  # two peaks of demand, and the cheap night hours used to fill the tanks
    work=_course("0/0.8 5/0.76 6.5/0.9 8/1 10/0.84 12/0.88 15/0.74 18/0.9 20/1 22/0.86 24/0.8"),
    sunday=_course("0/0.8 6/0.76 9/0.98 12/0.92 15/0.78 20/0.98 24/0.8"),
    spring_ratio=0.86,
)
_SUPERMARKET = Pattern(
    work=_course("0/0.3 5.5/0.3 7.5/0.75 9/0.9 12/0.94 15/0.9 19/1 21/0.9 22.25/0.4 24/0.3"),
    sunday=_course("0/0.3 5.5/0.3 7.5/0.8 10/1.02 19/1.06 21/0.92 22.25/0.4 24/0.3"),
)
_BROADCAST = Pattern(  # off the air from half past midnight to half past five, but for one service
    work=_course("0/1 0.5/0.98 0.75/0.42 5.25/0.42 5.5/0.98 6/1 24/1"),
    drift_h=0.0,
)
_STUDIO = Pattern(
    work=_course(
        "0/0.3 1/0.22 5/0.22 6.5/0.6 9/0.76 11.5/0.86 14/0.8 17/0.95 18.5/1 20/0.98 "
        "22.5/0.72 24/0.3"
    ),
    sunday=_course("0/0.3 1/0.22 6/0.3 9/0.56 17/0.7 19/0.95 22/0.8 24/0.3"),
)
_COLDSTORE = Pattern(
    work=_course(
        "0/0.9 6/0.88 8/0.78 10.5/0.72 11/0.92 14/1 17/0.76 19/0.72 21.5/0.8 22.5/0.96 24/0.9"
    ),
)
_LAUNDRY = Pattern(
    work=_course("0/0.04 6.5/0.04 7.5/0.85 11.5/1 12.3/0.5 13.3/0.95 16/0.8 17.5/0.08 24/0.04"),
)
_LIGHTS = Pattern(work=_course("0/0.25 5/0.2 6.5/1 22.5/1 23.2/0.3 24/0.25"))
_CAR_PARK = Pattern(  # light and fans of a garage, as long as people come and go
    work=_course("0/0.25 6.8/0.25 8/1 18.6/1 19.6/0.4 22/0.3 24/0.25"),
    saturday=_course("0/0.25 8/0.25 9.5/0.45 16/0.45 19/0.25 24/0.25"),
    sunday=_course("0/0.25 8/0.25 10/0.35 16/0.35 19/0.25 24/0.25"),
)
_FACADE = Pattern(work=_course("0/0 5/0 5.2/1 22/1 22.2/0.15 24/0"))
_CHARGING = Pattern(
    work=_course("0/0.75 4/0.5 6/0.15 9/0.3 12/0.55 15/0.4 19/0.6 22.5/0.8 23.2/1 24/0.75"),
)

PATTERNS: dict[str, Pattern] = {
    "flat": Pattern(work=_flat(1.0)),
    "office": _OFFICE,
    "hotel": _HOTEL,
    "kitchen": _KITCHEN,
    "mall": _MALL,
    "three_shift": _THREE_SHIFT,
    "two_shift": _TWO_SHIFT,
    "school": _SCHOOL,
    "hospital": _HOSPITAL,
    "metro": _METRO,
    "terminal": _TERMINAL,
    "water": _WATER,
    "supermarket": _SUPERMARKET,
    "broadcast": _BROADCAST,
    "studio": _STUDIO,
    "coldstore": _COLDSTORE,
    "laundry": _LAUNDRY,
    "lights": _LIGHTS,
    "car_park": _CAR_PARK,
    "facade": _FACADE,
    "charging": _CHARGING,
    "pv": Pattern(work=_flat(1.0), drift_h=0.0),
}


_RUN = "run:"


@lru_cache(maxsize=200)
def pattern_of(name: str) -> Pattern:
    """The pattern of this name; `run:20-7:all` runs between these hours on all, work or rest days.

    Raises KeyError for a name that is neither.
    """
    if not name.startswith(_RUN):
        return PATTERNS[name]
    hours, days = name.removeprefix(_RUN).split(":")
    start, end = (float(hour) for hour in hours.split("-"))
    on, off = _running(start, end), _flat(0.0)
    work = off if days == "rest" else on
    rest = off if days == "work" else on
    return Pattern(work=work, sunday=rest, drift_h=0.0)


def _running(start: float, end: float) -> Course:
    """One between these hours, which may pass midnight; it takes three minutes to come and go."""
    edge = 0.05
    if start < end:
        return ((0.0, 0.0), (start, 0.0), (start + edge, 1.0), (end - edge, 1.0), (end, 0.0),
                (24.0, 0.0))  # fmt: skip
    return ((0.0, 1.0), (end - edge, 1.0), (end, 0.0), (start, 0.0), (start + edge, 1.0),
            (24.0, 1.0))  # fmt: skip
