"""Electric bus depots: charging at noon and in the cheap night hours."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="bus_depot",
    order=16,
    accounts=(
        AccountPlan(
            name_en="Green City Bus",
            name_zh="绿城公交",
            tier="C",
            manager="吴桐",
            contract_demand_kw=1500,
            transformer_kva=4000,
            sites=(
                SitePlan(
                    name_en="Bantian Charging Depot",
                    name_zh="坂田公交充电场站",
                    city="Shenzhen",
                    circuits=(
                        circuit(
                            ("Fast chargers 1-12", "一至十二号快充"),
                            "ev",
                            1440,
                            load("charging", 980, noise_ratio=0.1, ripple_ratio=0.3, pf=0.985),
                        ),
                        circuit(
                            ("Night chargers 13-30", "十三至三十号慢充"),
                            "ev",
                            720,
                            load("charging", 520, noise_ratio=0.08, ripple_ratio=0.12, pf=0.985),
                        ),
                        circuit(
                            ("Wash and workshop", "洗车与检修"),
                            "production",
                            120,
                            load("laundry", 70, noise_ratio=0.1, ripple_ratio=0.3, pf=0.84),
                        ),
                    ),
                    remainder=(load("lights", 40),),
                    capacitor_kvar=60,
                ),
            ),
        ),
    ),
)
