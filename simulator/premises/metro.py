"""Metro stations and depots: two commuter peaks, no trains after midnight."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="metro",
    order=12,
    accounts=(
        AccountPlan(
            name_en="Jiangcheng Metro Line 9",
            name_zh="江城地铁九号线",
            tier="A",
            manager="周航",
            contract_demand_kw=3100,
            transformer_kva=10000,
            sites=(
                SitePlan(
                    name_en="Optics Valley East Station",
                    name_zh="光谷东站",
                    city="Wuhan",
                    circuits=(
                        circuit(
                            ("Traction rectifier", "牵引整流机组"),
                            "traction",
                            2600,
                            load("metro", 1650, noise_ratio=0.06, ripple_ratio=0.85, pf=0.96),
                        ),
                        circuit(
                            ("Tunnel ventilation", "隧道通风"),
                            "ventilation",
                            420,
                            load("metro", 260, ripple_ratio=0.08, pf=0.85),
                        ),
                        circuit(
                            ("Station air conditioning", "车站空调"),
                            "chiller",
                            520,
                            load(
                                "metro",
                                420,
                                ripple_ratio=0.08,
                                pf=0.87,
                                weather="cooling",
                                weather_ratio=0.85,
                            ),
                        ),
                        circuit(
                            ("Escalators and lifts", "扶梯与电梯"),
                            "escalator",
                            240,
                            load("metro", 165, noise_ratio=0.05, ripple_ratio=0.25, pf=0.75),
                        ),
                    ),
                    remainder=(
                        load("metro", 90),
                        load("flat", 60),
                    ),
                    capacitor_kvar=420,
                ),
                SitePlan(
                    name_en="Eastlake Depot",
                    name_zh="东湖车辆段",
                    city="Wuhan",
                    circuits=(
                        circuit(
                            ("Depot traction", "车辆段牵引"),
                            "traction",
                            900,
                            load("charging", 420, noise_ratio=0.15, ripple_ratio=0.7, pf=0.96),
                        ),
                        circuit(
                            ("Workshops", "检修库"),
                            "production",
                            360,
                            load("two_shift", 240, noise_ratio=0.07, ripple_ratio=0.25, pf=0.8),
                        ),
                        circuit(
                            ("Signals and servers", "信号与服务器"),
                            "server",
                            120,
                            load("flat", 88, noise_ratio=0.01, ripple_ratio=0.01, pf=-0.98),
                        ),
                    ),
                    remainder=(load("office", 70),),
                    capacitor_kvar=160,
                ),
            ),
        ),
    ),
)
