"""Hotels: breakfast, quiet afternoons, a tall evening peak."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="hotel",
    order=5,
    accounts=(
        AccountPlan(
            name_en="Riverside International Hotels",
            name_zh="江畔国际酒店集团",
            tier="B",
            manager="赵颖",
            contract_demand_kw=1620,
            transformer_kva=3800,
            sites=(
                SitePlan(
                    name_en="Riverside Grand Hotel",
                    name_zh="江畔国际大酒店",
                    city="Wuhan",
                    circuits=(
                        circuit(
                            ("Guest-room tower", "客房楼层"),
                            "other",
                            520,
                            load("hotel", 430, noise_ratio=0.05, ripple_ratio=0.07, pf=0.93),
                        ),
                        circuit(
                            ("Chillers", "空调主机"),
                            "chiller",
                            560,
                            load(
                                "hotel",
                                470,
                                ripple_ratio=0.08,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.9,
                            ),
                        ),
                        circuit(
                            ("Restaurants and kitchen", "餐饮厨房"),
                            "kitchen",
                            260,
                            load("kitchen", 150, noise_ratio=0.08, ripple_ratio=0.2, pf=0.95),
                        ),
                        circuit(
                            ("Laundry", "洗衣房"),
                            "laundry",
                            160,
                            load("laundry", 75, noise_ratio=0.1, ripple_ratio=0.3, pf=0.88),
                        ),
                        circuit(
                            ("Lifts", "客梯"),
                            "lift",
                            120,
                            load("hotel", 62, noise_ratio=0.12, ripple_ratio=0.6, pf=0.8),
                        ),
                    ),
                    remainder=(load("hotel", 70),),
                    capacitor_kvar=260,
                ),
                SitePlan(
                    name_en="Riverside Lake Resort",
                    name_zh="江畔湖景度假酒店",
                    city="Hangzhou",
                    circuits=(
                        circuit(
                            ("Villas", "别墅客房"),
                            "other",
                            260,
                            load("hotel", 190, noise_ratio=0.07, ripple_ratio=0.08, pf=0.93),
                        ),
                        circuit(
                            ("Heat pumps", "空气源热泵"),
                            "chiller",
                            240,
                            load(
                                "hotel",
                                120,
                                ripple_ratio=0.1,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.95,
                            ),
                            load(
                                "hotel",
                                130,
                                weather="heating",
                                weather_ratio=1.0,
                                ripple_ratio=0.1,
                                pf=0.87,
                            ),
                        ),
                        circuit(
                            ("Guest charging posts", "客用充电桩"),
                            "ev",
                            180,
                            load("charging", 80, noise_ratio=0.35, ripple_ratio=0.3, pf=0.98),
                        ),
                    ),
                    remainder=(load("hotel", 45),),
                    capacitor_kvar=110,
                ),
            ),
        ),
    ),
)
