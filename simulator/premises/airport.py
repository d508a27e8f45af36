"""Airport terminals: early and late, every day of the year."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="airport",
    order=14,
    accounts=(
        AccountPlan(
            name_en="Linhai Airport",
            name_zh="临海机场",
            tier="A",
            manager="周航",
            contract_demand_kw=9500,
            transformer_kva=20000,
            charge_basis="contract",
            sites=(
                SitePlan(
                    name_en="Terminal 2",
                    name_zh="临海机场二号航站楼",
                    city="Shenzhen",
                    circuits=(
                        circuit(
                            ("Chiller plant", "能源中心冷机"),
                            "chiller",
                            3600,
                            load(
                                "terminal",
                                2700,
                                ripple_ratio=0.05,
                                pf=0.88,
                                weather="cooling",
                                weather_ratio=0.85,
                            ),
                        ),
                        circuit(
                            ("Terminal lighting", "航站楼照明"),
                            "lighting",
                            900,
                            load("terminal", 680, pf=0.94),
                        ),
                        circuit(
                            ("Baggage system", "行李系统"),
                            "other",
                            600,
                            load("terminal", 380, noise_ratio=0.06, ripple_ratio=0.15, pf=0.8),
                        ),
                        circuit(
                            ("Gate power and pre-conditioned air", "桥载电源与空调"),
                            "other",
                            1600,
                            load("terminal", 980, noise_ratio=0.08, ripple_ratio=0.2, pf=0.88),
                        ),
                        circuit(
                            ("Shops and restaurants", "商业餐饮"),
                            "kitchen",
                            700,
                            load("terminal", 430, noise_ratio=0.05, ripple_ratio=0.1, pf=0.94),
                        ),
                        circuit(
                            ("Airfield and IT", "空管与信息"),
                            "server",
                            420,
                            load("flat", 310, noise_ratio=0.012, pf=0.97),
                        ),
                    ),
                    remainder=(load("terminal", 320),),
                    capacitor_kvar=900,
                    gateways=2,
                ),
            ),
        ),
    ),
)
