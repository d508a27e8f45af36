"""Synthetic weather of a city: a pure function of the city and the instant."""

from __future__ import annotations

import numpy as np

from simulator.cities import City
from simulator.noise import Floats, Ints, key_of, smooth

_DAY_S = 86_400
_YEAR_S = 365.2425 * _DAY_S
_FRONT_S = int(4.3 * _DAY_S)  # how long a warm or cold spell lasts
_COLDEST_S = 20 * _DAY_S  # 20 January


def _year_angle(ts_s: Ints) -> Floats:
    angle: Floats = (2 * np.pi / _YEAR_S) * (ts_s - _COLDEST_S).astype(np.float64)
    return angle


def _solar_hour(city: City, ts_s: Ints) -> Floats:
    hour: Floats = (ts_s + city.longitude_deg / 360 * _DAY_S) % _DAY_S / 3600
    return hour


def cloud_ratio(city: City, ts_s: Ints) -> Floats:
    """Return the cloud cover, 0 (clear) to 1 (overcast)."""
    key = key_of(f"cloud:{city.name_en}")
    mix = 0.7 * smooth(key, ts_s, _DAY_S) + 0.45 * smooth(key + 1, ts_s, 3 * 3600)
    return np.clip(0.5 + 0.75 * mix, 0.0, 1.0)


def temperature_c(city: City, ts_s: Ints) -> Floats:
    """Return the outdoor temperature in °C: season, passing fronts and the day's course."""
    key = key_of(f"temperature:{city.name_en}")
    season = -city.yearly_c * np.cos(_year_angle(ts_s))
    fronts = 3.6 * smooth(key, ts_s, _FRONT_S) + 1.5 * smooth(key + 1, ts_s, 36 * 3600)
    clear = 1.15 - 0.6 * cloud_ratio(city, ts_s)
    day = city.daily_c * clear * np.cos(2 * np.pi * (_solar_hour(city, ts_s) - 15) / 24)
    total: Floats = city.mean_c + season + fronts + day
    return total


def sun_elevation_sine(city: City, ts_s: Ints) -> Floats:
    """Return the sine of the sun's elevation, negative at night."""
    declination = np.radians(23.44) * np.sin(2 * np.pi * (ts_s - 79.5 * _DAY_S) / _YEAR_S)
    hour_angle = np.radians(15) * (_solar_hour(city, ts_s) - 12)
    latitude_deg = np.radians(city.latitude_deg)
    sine: Floats = np.sin(latitude_deg) * np.sin(declination) + np.cos(latitude_deg) * np.cos(
        declination
    ) * np.cos(hour_angle)
    return sine


def sun_ratio(city: City, ts_s: Ints) -> Floats:
    """Return the output of a flat photovoltaic roof over its rated power, 0-1."""
    sine = np.clip(sun_elevation_sine(city, ts_s), 0.0, None)
    clear_sky = 0.95 * sine**1.15
    ratio: Floats = clear_sky * (1 - 0.78 * cloud_ratio(city, ts_s) ** 1.4)
    return np.where(ratio < 0.004, 0.0, ratio)  # an inverter sleeps below its start-up power
