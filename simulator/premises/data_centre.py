"""Data centres: flat and large, with cooling that follows the weather a little."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="data_centre",
    order=3,
    accounts=(
        AccountPlan(
            name_en="Cloudlake Data Centre",
            name_zh="云湖数据中心",
            tier="A",
            manager="许哲",
            contract_demand_kw=7000,
            transformer_kva=16000,
            charge_basis="contract",
            sites=(
                SitePlan(
                    name_en="Cloudlake DC1",
                    name_zh="云湖数据中心一号楼",
                    city="Hangzhou",
                    circuits=(
                        circuit(
                            ("IT hall A", "A机房服务器"),
                            "server",
                            2600,
                            load("flat", 2150, noise_ratio=0.012, ripple_ratio=0.01, pf=-0.985),
                        ),
                        circuit(
                            ("IT hall B", "B机房服务器"),
                            "server",
                            2600,
                            load("flat", 1850, noise_ratio=0.015, ripple_ratio=0.01, pf=-0.985),
                        ),
                        circuit(
                            ("IT hall C", "C机房服务器"),
                            "server",
                            1800,
                            load("flat", 900, noise_ratio=0.02, ripple_ratio=0.012, pf=-0.985),
                            load("office", 160, noise_ratio=0.05, pf=0.98),
                        ),
                        circuit(
                            ("Chiller plant", "冷水机组"),
                            "chiller",
                            1900,
                            load("flat", 620, ripple_ratio=0.03, pf=0.88),
                            load(
                                "flat",
                                820,
                                ripple_ratio=0.05,
                                pf=0.88,
                                weather="cooling",
                                weather_ratio=1.0,
                            ),
                        ),
                        circuit(
                            ("Chilled-water pumps", "冷冻水泵"),
                            "pump",
                            420,
                            load("flat", 300, noise_ratio=0.015, pf=0.86),
                        ),
                        circuit(
                            ("Room air handlers", "精密空调"),
                            "ventilation",
                            520,
                            load("flat", 400, noise_ratio=0.015, pf=0.88),
                        ),
                        circuit(
                            ("Network and operations", "网络与运维"),
                            "office",
                            160,
                            load("flat", 70, pf=0.96),
                            load("office", 50, pf=0.95),
                        ),
                    ),
                    remainder=(load("flat", 180, noise_ratio=0.02),),
                    capacitor_kvar=900,
                    gateways=2,
                ),
            ),
        ),
    ),
)
