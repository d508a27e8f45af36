"""Cold stores: compressors all year, harder in the heat, kinder in dear hours."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="cold_store",
    order=10,
    accounts=(
        AccountPlan(
            name_en="Beichen Cold Chain",
            name_zh="北辰冷链物流",
            tier="B",
            manager="陈默",
            contract_demand_kw=1250,
            transformer_kva=2500,
            sites=(
                SitePlan(
                    name_en="Beichen Cold Store",
                    name_zh="北辰冷库",
                    city="Qingdao",
                    circuits=(
                        circuit(
                            ("Freezer compressors", "冷冻压缩机组"),
                            "refrigeration",
                            860,
                            load(
                                "coldstore",
                                690,
                                weather="refrigeration",
                                weather_ratio=1.0,
                                noise_ratio=0.05,
                                ripple_ratio=0.3,
                                pf=0.86,
                            ),
                        ),
                        circuit(
                            ("Chilled rooms", "冷藏间机组"),
                            "refrigeration",
                            420,
                            load(
                                "coldstore",
                                320,
                                weather="refrigeration",
                                weather_ratio=1.0,
                                noise_ratio=0.05,
                                ripple_ratio=0.3,
                                pf=0.86,
                            ),
                        ),
                        circuit(
                            ("Evaporator fans", "蒸发冷风机"),
                            "ventilation",
                            200,
                            load("coldstore", 150, noise_ratio=0.03, ripple_ratio=0.1, pf=0.83),
                        ),
                        circuit(
                            ("Forklift charging", "叉车充电"),
                            "ev",
                            140,
                            load("charging", 105, noise_ratio=0.12, ripple_ratio=0.1, pf=0.95),
                        ),
                    ),
                    remainder=(
                        load("lights", 45),
                        load("office", 25),
                    ),
                    capacitor_kvar=80,
                ),
            ),
        ),
    ),
)
