"""Office towers: a plateau on workdays, next to nothing at weekends."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="office_tower",
    order=6,
    accounts=(
        AccountPlan(
            name_en="Meridian Tower Properties",
            name_zh="经纬大厦物业",
            tier="B",
            manager="许哲",
            contract_demand_kw=2500,
            transformer_kva=5000,
            sites=(
                SitePlan(
                    name_en="Meridian Tower",
                    name_zh="经纬大厦",
                    city="Shanghai",
                    circuits=(
                        circuit(
                            ("Tenant floors 3-18", "三至十八层租户"),
                            "office",
                            700,
                            load("office", 520, pf=0.92),
                        ),
                        circuit(
                            ("Tenant floors 19-36", "十九至三十六层租户"),
                            "office",
                            700,
                            load("office", 470, pf=0.92),
                        ),
                        circuit(
                            ("Chillers", "冷水机组"),
                            "chiller",
                            1250,
                            load(
                                "office",
                                930,
                                ripple_ratio=0.07,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.92,
                            ),
                            below=(
                                circuit(
                                    ("Chiller 1", "一号冷水机"),
                                    "chiller",
                                    550,
                                    load(
                                        "office",
                                        300,
                                        ripple_ratio=0.07,
                                        pf=0.87,
                                        weather="cooling",
                                        weather_ratio=0.9,
                                    ),
                                ),
                            ),
                        ),
                        circuit(
                            ("Lifts", "电梯"),
                            "lift",
                            240,
                            load("office", 130, noise_ratio=0.12, ripple_ratio=0.6, pf=0.8),
                        ),
                        circuit(
                            ("Car-park ventilation and lighting", "地库通风照明"),
                            "ventilation",
                            150,
                            load("car_park", 90, pf=0.88),
                        ),
                    ),
                    remainder=(load("office", 110),),
                    capacitor_kvar=480,
                ),
            ),
        ),
    ),
)
