"""Hospitals: never off, busy from morning to afternoon."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="hospital",
    order=4,
    accounts=(
        AccountPlan(
            name_en="Hekang General Hospital",
            name_zh="和康综合医院",
            tier="A",
            manager="赵颖",
            contract_demand_kw=3050,
            transformer_kva=6300,
            sites=(
                SitePlan(
                    name_en="Hekang Main Campus",
                    name_zh="和康医院本部",
                    city="Nanjing",
                    circuits=(
                        circuit(
                            ("Outpatient building", "门诊楼"),
                            "medical",
                            760,
                            load("hospital", 560, noise_ratio=0.04, pf=0.9),
                        ),
                        circuit(
                            ("Imaging centre", "影像中心"),
                            "medical",
                            480,
                            load("hospital", 260, noise_ratio=0.12, ripple_ratio=0.45, pf=0.84),
                        ),
                        circuit(
                            ("Wards", "住院楼"), "medical", 640, load("hospital", 430, pf=0.91)
                        ),
                        circuit(
                            ("Chillers", "冷水机组"),
                            "chiller",
                            1250,
                            load(
                                "hospital",
                                1050,
                                ripple_ratio=0.08,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.88,
                            ),
                        ),
                        circuit(
                            ("Heat pumps", "供暖热泵"),
                            "chiller",
                            700,
                            load(
                                "hospital",
                                520,
                                weather="heating",
                                weather_ratio=1.0,
                                ripple_ratio=0.08,
                                pf=0.87,
                            ),
                        ),
                        circuit(
                            ("Hospital kitchen", "营养食堂"),
                            "kitchen",
                            220,
                            load("kitchen", 165, noise_ratio=0.08, ripple_ratio=0.2, pf=0.96),
                        ),
                    ),
                    remainder=(load("hospital", 190),),
                    capacitor_kvar=650,
                ),
            ),
        ),
    ),
)
