"""Television stations: studios with an evening peak, playout servers day and night."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="tv_station",
    order=2,
    accounts=(
        AccountPlan(
            name_en="Jiangcheng Television",
            name_zh="江城电视台",
            tier="A",
            manager="林岚",
            contract_demand_kw=1450,
            transformer_kva=3150,
            sites=(
                SitePlan(
                    name_en="Media Centre",
                    name_zh="江城传媒中心",
                    city="Wuhan",
                    circuits=(
                        circuit(
                            ("Studio lighting", "演播厅灯光"),
                            "lighting",
                            420,
                            load("studio", 330, noise_ratio=0.08, ripple_ratio=0.1, pf=0.92),
                        ),
                        circuit(
                            ("Playout and servers", "播控与媒资服务器"),
                            "server",
                            380,
                            load("flat", 260, noise_ratio=0.012, ripple_ratio=0.015, pf=-0.98),
                        ),
                        circuit(
                            ("Central chillers", "中央空调主机"),
                            "chiller",
                            640,
                            load(
                                "studio",
                                560,
                                ripple_ratio=0.08,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.85,
                            ),
                        ),
                        circuit(
                            ("Transmission and uplink", "传输与卫星上行"),
                            "transmitter",
                            120,
                            load("flat", 85, noise_ratio=0.01, ripple_ratio=0.01, pf=0.96),
                        ),
                        circuit(
                            ("Office floors", "办公楼层"),
                            "office",
                            260,
                            load("office", 210, pf=0.92),
                        ),
                    ),
                    remainder=(load("office", 80),),
                    capacitor_kvar=300,
                ),
            ),
        ),
    ),
)
