"""Factories that work around the clock in three shifts."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="three_shift_factory",
    order=8,
    accounts=(
        AccountPlan(
            name_en="Huaxing Fibre",
            name_zh="华兴化纤股份",
            tier="A",
            manager="吴桐",
            contract_demand_kw=11600,
            transformer_kva=25000,
            charge_basis="contract",
            sites=(
                SitePlan(
                    name_en="Huaxing Plant 1",
                    name_zh="华兴化纤一厂",
                    city="Suzhou",
                    circuits=(
                        circuit(
                            ("Spinning lines 1-4", "纺丝一至四线"),
                            "production",
                            4200,
                            load(
                                "three_shift", 3500, noise_ratio=0.025, ripple_ratio=0.05, pf=0.82
                            ),
                        ),
                        circuit(
                            ("Spinning lines 5-8", "纺丝五至八线"),
                            "production",
                            4200,
                            load("three_shift", 3250, noise_ratio=0.03, ripple_ratio=0.05, pf=0.82),
                        ),
                        circuit(
                            ("Polymerisation", "聚合装置"),
                            "production",
                            2200,
                            load("three_shift", 700, noise_ratio=0.02, pf=0.86),
                            load("flat", 950, noise_ratio=0.015, pf=0.86),
                        ),
                        circuit(
                            ("Compressed air", "空压站"),
                            "compressor",
                            1600,
                            load("three_shift", 1180, noise_ratio=0.03, ripple_ratio=0.12, pf=0.88),
                            below=(
                                circuit(
                                    ("Compressor 3 (variable speed)", "三号变频空压机"),
                                    "compressor",
                                    400,
                                    load(
                                        "three_shift",
                                        260,
                                        noise_ratio=0.1,
                                        ripple_ratio=0.3,
                                        pf=0.95,
                                    ),
                                ),
                            ),
                        ),
                        circuit(
                            ("Cooling-water station", "循环水站"),
                            "pump",
                            900,
                            load("three_shift", 520, pf=0.85),
                            load("flat", 250, pf=0.85, weather="cooling", weather_ratio=0.8),
                        ),
                        circuit(
                            ("Quench-air conditioning", "工艺空调"),
                            "chiller",
                            1100,
                            load(
                                "flat",
                                760,
                                ripple_ratio=0.06,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.7,
                            ),
                        ),
                    ),
                    remainder=(load("three_shift", 420),),
                    capacitor_kvar=3600,
                    gateways=2,
                ),
            ),
        ),
    ),
)
