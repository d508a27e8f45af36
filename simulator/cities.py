"""The cities of the virtual premises, with the climate that the synthetic weather follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A place and its climate: yearly mean, half the yearly swing and half the daily swing."""

    name_en: str
    name_zh: str
    region: str
    latitude_deg: float
    longitude_deg: float
    mean_c: float
    yearly_c: float
    daily_c: float


def _city(
    name_en: str,
    name_zh: str,
    region: str,
    place: tuple[float, float],
    climate: tuple[float, float, float],
) -> City:
    return City(
        name_en=name_en,
        name_zh=name_zh,
        region=region,
        latitude_deg=place[0],
        longitude_deg=place[1],
        mean_c=climate[0],
        yearly_c=climate[1],
        daily_c=climate[2],
    )


# Climate figures are rounded long-term means, good enough for a plausible load.
_ALL = (
    _city("Wuhan", "武汉", "湖北", (30.59, 114.30), (17.1, 12.8, 4.0)),
    _city("Yichang", "宜昌", "湖北", (30.69, 111.29), (17.0, 11.8, 4.0)),
    _city("Xiangyang", "襄阳", "湖北", (32.01, 112.12), (16.2, 12.9, 4.6)),
    _city("Shanghai", "上海", "上海", (31.23, 121.47), (17.2, 12.0, 3.4)),
    _city("Hangzhou", "杭州", "浙江", (30.27, 120.15), (17.2, 12.3, 4.0)),
    _city("Suzhou", "苏州", "江苏", (31.30, 120.59), (16.8, 12.3, 3.8)),
    _city("Nanjing", "南京", "江苏", (32.06, 118.80), (16.2, 12.9, 4.2)),
    _city("Shenzhen", "深圳", "广东", (22.54, 114.06), (23.1, 6.9, 3.2)),
    _city("Guangzhou", "广州", "广东", (23.13, 113.26), (22.5, 7.4, 3.6)),
    _city("Chengdu", "成都", "四川", (30.57, 104.07), (16.7, 10.2, 3.8)),
    _city("Beijing", "北京", "北京", (39.90, 116.41), (13.1, 15.3, 5.2)),
    _city("Qingdao", "青岛", "山东", (36.07, 120.38), (13.2, 12.9, 3.2)),
)
CITIES: dict[str, City] = {city.name_en: city for city in _ALL}
