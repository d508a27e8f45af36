"""Shopping malls: full from ten to ten, busiest at weekends."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="mall",
    order=7,
    accounts=(
        AccountPlan(
            name_en="Golden Orchard Mall",
            name_zh="金果园购物中心",
            tier="A",
            manager="陈默",
            contract_demand_kw=4300,
            transformer_kva=8000,
            charge_basis="contract",
            sites=(
                SitePlan(
                    name_en="Golden Orchard Mall",
                    name_zh="金果园购物中心",
                    city="Chengdu",
                    circuits=(
                        circuit(
                            ("Shops floors 1-3", "一至三层商铺"),
                            "other",
                            1100,
                            load("mall", 820, pf=0.93),
                        ),
                        circuit(
                            ("Restaurants floors 4-5", "四至五层餐饮"),
                            "kitchen",
                            900,
                            load("kitchen", 330, noise_ratio=0.06, ripple_ratio=0.12, pf=0.94),
                            load("mall", 290, pf=0.93),
                        ),
                        circuit(
                            ("Chillers", "冷水机组"),
                            "chiller",
                            1700,
                            load(
                                "mall",
                                1380,
                                ripple_ratio=0.06,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.9,
                            ),
                        ),
                        circuit(
                            ("Escalators", "自动扶梯"),
                            "escalator",
                            260,
                            load("mall", 170, noise_ratio=0.04, ripple_ratio=0.15, pf=0.75),
                        ),
                        circuit(
                            ("Facade and screens", "外立面与大屏"),
                            "lighting",
                            240,
                            load("facade", 200, weather="dark", weather_ratio=0.9, pf=0.94),
                        ),
                    ),
                    remainder=(load("mall", 260),),
                    capacitor_kvar=280,
                ),
            ),
        ),
    ),
)
