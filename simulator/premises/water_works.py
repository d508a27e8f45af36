"""Water works: pumps that follow the morning and evening demand."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="water_works",
    order=13,
    accounts=(
        AccountPlan(
            name_en="Xiajiang Water Supply",
            name_zh="峡江自来水公司",
            tier="B",
            manager="周航",
            contract_demand_kw=2980,
            transformer_kva=6300,
            charge_basis="contract",
            sites=(
                SitePlan(
                    name_en="Xiajiang Water Works",
                    name_zh="峡江水厂",
                    city="Yichang",
                    circuits=(
                        circuit(
                            ("High-lift pumps", "送水泵房"),
                            "pump",
                            1900,
                            load("water", 1560, noise_ratio=0.02, ripple_ratio=0.02, pf=0.87),
                        ),
                        circuit(
                            ("Raw-water pumps", "取水泵房"),
                            "pump",
                            900,
                            load("water", 690, noise_ratio=0.02, ripple_ratio=0.02, pf=0.87),
                        ),
                        circuit(
                            ("Treatment", "净水工艺"), "other", 240, load("flat", 160, pf=0.86)
                        ),
                    ),
                    remainder=(load("flat", 60),),
                    capacitor_kvar=640,
                ),
                SitePlan(
                    name_en="North Booster Station",
                    name_zh="城北加压站",
                    city="Yichang",
                    circuits=(
                        circuit(
                            ("Booster pumps", "加压泵组"),
                            "pump",
                            420,
                            load("water", 320, noise_ratio=0.03, ripple_ratio=0.04, pf=0.86),
                        ),
                    ),
                    remainder=(load("flat", 15),),
                    capacitor_kvar=90,
                ),
            ),
        ),
    ),
)
