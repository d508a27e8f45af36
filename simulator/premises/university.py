"""Universities: terms and vacations, evenings in libraries and dormitories."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="university",
    order=11,
    accounts=(
        AccountPlan(
            name_en="Jiangnan Institute of Technology",
            name_zh="江南理工学院",
            tier="B",
            manager="赵颖",
            contract_demand_kw=6200,
            transformer_kva=12500,
            sites=(
                SitePlan(
                    name_en="South Campus",
                    name_zh="江南理工学院南校区",
                    city="Nanjing",
                    circuits=(
                        circuit(
                            ("Teaching buildings", "教学楼"),
                            "office",
                            900,
                            load("school", 640, pf=0.92),
                        ),
                        circuit(
                            ("Dormitories", "学生宿舍"),
                            "other",
                            1100,
                            load("school", 420, pf=0.95),
                            load("school", 480, pf=0.92, weather="cooling", weather_ratio=0.95),
                        ),
                        circuit(
                            ("Laboratories", "实验楼"),
                            "other",
                            700,
                            load("school", 260, noise_ratio=0.07, ripple_ratio=0.12, pf=0.88),
                            load("flat", 140, pf=0.88),
                        ),
                        circuit(
                            ("Canteens", "学生食堂"),
                            "kitchen",
                            360,
                            load("school", 240, noise_ratio=0.06, ripple_ratio=0.15, pf=0.95),
                        ),
                    ),
                    remainder=(load("lights", 140),),
                    capacitor_kvar=420,
                ),
                SitePlan(
                    name_en="Lakeside Campus",
                    name_zh="江南理工学院湖滨校区",
                    city="Suzhou",
                    circuits=(
                        circuit(
                            ("Library and teaching", "图书馆与教学楼"),
                            "office",
                            520,
                            load("school", 360, pf=0.92),
                        ),
                        circuit(
                            ("Air conditioning", "集中空调"),
                            "chiller",
                            480,
                            load(
                                "school",
                                380,
                                ripple_ratio=0.08,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.95,
                            ),
                        ),
                        circuit(
                            ("Computing centre", "计算中心"),
                            "server",
                            260,
                            load("flat", 165, noise_ratio=0.05, ripple_ratio=0.05, pf=-0.97),
                        ),
                    ),
                    remainder=(load("school", 90),),
                    capacitor_kvar=200,
                ),
            ),
        ),
    ),
)
