"""Machining shops in two shifts, with photovoltaics on the roof."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="machining_factory",
    order=9,
    accounts=(
        AccountPlan(
            name_en="Precision Drive Machinery",
            name_zh="精驰机械制造",
            tier="B",
            manager="吴桐",
            contract_demand_kw=1700,
            transformer_kva=4000,
            sites=(
                SitePlan(
                    name_en="Precision Drive Works",
                    name_zh="精驰机械厂区",
                    city="Xiangyang",
                    circuits=(
                        circuit(
                            ("Machining hall A", "机加工A车间"),
                            "production",
                            700,
                            load("two_shift", 520, noise_ratio=0.06, ripple_ratio=0.25, pf=0.76),
                        ),
                        circuit(
                            ("Machining hall B", "机加工B车间"),
                            "production",
                            620,
                            load("two_shift", 430, noise_ratio=0.07, ripple_ratio=0.25, pf=0.76),
                        ),
                        circuit(
                            ("Heat treatment", "热处理炉"),
                            "production",
                            600,
                            load("two_shift", 330, noise_ratio=0.05, ripple_ratio=0.3, pf=0.97),
                            load("flat", 90, noise_ratio=0.06, ripple_ratio=0.3, pf=0.97),
                        ),
                        circuit(
                            ("Compressed air", "空压机房"),
                            "compressor",
                            260,
                            load("two_shift", 190, noise_ratio=0.05, ripple_ratio=0.35, pf=0.84),
                        ),
                        circuit(
                            ("Rooftop photovoltaics", "屋顶光伏"),
                            "pv",
                            900,
                            load(
                                "pv",
                                820,
                                weather="sun",
                                noise_ratio=0.06,
                                ripple_ratio=0.15,
                                pf=1.0,
                            ),
                        ),
                    ),
                    remainder=(
                        load("two_shift", 90),
                        load("flat", 25),
                    ),
                    capacitor_kvar=330,
                ),
            ),
        ),
    ),
)
