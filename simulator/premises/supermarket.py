"""Supermarket chains: many small stores with the same course of the day."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="supermarket",
    order=15,
    accounts=(
        AccountPlan(
            name_en="Fresh Basket Supermarkets",
            name_zh="鲜之篮超市连锁",
            tier="C",
            manager="陈默",
            contract_demand_kw=950,
            transformer_kva=1630,
            sites=(
                SitePlan(
                    name_en="Fresh Basket Xujiahui",
                    name_zh="鲜之篮徐汇店",
                    city="Shanghai",
                    circuits=(
                        circuit(
                            ("Refrigerated cases", "冷柜冷库"),
                            "refrigeration",
                            150,
                            load("supermarket", 70, pf=0.85),
                            load(
                                "flat",
                                60,
                                weather="refrigeration",
                                weather_ratio=1.0,
                                ripple_ratio=0.25,
                                pf=0.85,
                            ),
                        ),
                        circuit(
                            ("Air conditioning", "空调"),
                            "chiller",
                            170,
                            load(
                                "supermarket",
                                140,
                                ripple_ratio=0.1,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.9,
                            ),
                        ),
                        circuit(
                            ("Lighting and tills", "照明与收银"),
                            "lighting",
                            90,
                            load("supermarket", 72, noise_ratio=0.02, pf=0.95),
                        ),
                    ),
                    remainder=(load("supermarket", 28),),
                    capacitor_kvar=90,
                    nominal_voltage_v=400.0,
                ),
                SitePlan(
                    name_en="Fresh Basket West Lake",
                    name_zh="鲜之篮西湖店",
                    city="Hangzhou",
                    circuits=(
                        circuit(
                            ("Refrigerated cases", "冷柜冷库"),
                            "refrigeration",
                            120,
                            load("supermarket", 56, pf=0.85),
                            load(
                                "flat",
                                48,
                                weather="refrigeration",
                                weather_ratio=1.0,
                                ripple_ratio=0.25,
                                pf=0.85,
                            ),
                        ),
                        circuit(
                            ("Air conditioning", "空调"),
                            "chiller",
                            136,
                            load(
                                "supermarket",
                                112,
                                ripple_ratio=0.1,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.9,
                            ),
                        ),
                        circuit(
                            ("Lighting and tills", "照明与收银"),
                            "lighting",
                            72,
                            load("supermarket", 58, noise_ratio=0.02, pf=0.95),
                        ),
                    ),
                    remainder=(load("supermarket", 22),),
                    capacitor_kvar=72,
                    nominal_voltage_v=400.0,
                ),
                SitePlan(
                    name_en="Fresh Basket Jianghan",
                    name_zh="鲜之篮江汉店",
                    city="Wuhan",
                    circuits=(
                        circuit(
                            ("Refrigerated cases", "冷柜冷库"),
                            "refrigeration",
                            135,
                            load("supermarket", 63, pf=0.85),
                            load(
                                "flat",
                                54,
                                weather="refrigeration",
                                weather_ratio=1.0,
                                ripple_ratio=0.25,
                                pf=0.85,
                            ),
                        ),
                        circuit(
                            ("Air conditioning", "空调"),
                            "chiller",
                            153,
                            load(
                                "supermarket",
                                126,
                                ripple_ratio=0.1,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.9,
                            ),
                        ),
                        circuit(
                            ("Lighting and tills", "照明与收银"),
                            "lighting",
                            81,
                            load("supermarket", 65, noise_ratio=0.02, pf=0.95),
                        ),
                    ),
                    remainder=(load("supermarket", 25),),
                    capacitor_kvar=81,
                    nominal_voltage_v=400.0,
                ),
            ),
        ),
    ),
)
