"""Broadcast towers: transmitters day and night, off the air after midnight, and their cooling."""

from __future__ import annotations

from simulator.plan import AccountPlan, PremisesKind, SitePlan, circuit, load

KIND = PremisesKind(
    code="broadcast_tower",
    order=1,
    accounts=(
        AccountPlan(
            name_en="Yangtze Broadcasting Tower Centre",
            name_zh="长江广播发射塔中心",
            tier="A",
            manager="林岚",
            contract_demand_kw=1140,
            transformer_kva=2500,
            charge_basis="contract",
            sites=(
                SitePlan(
                    name_en="Turtle Hill Tower",
                    name_zh="龟北山广播电视塔",
                    city="Wuhan",
                    circuits=(
                        circuit(
                            ("FM transmitters", "调频广播发射机组"),
                            "transmitter",
                            420,
                            load("broadcast", 310, noise_ratio=0.008, ripple_ratio=0.012, pf=0.95),
                        ),
                        circuit(
                            ("Digital TV transmitters", "地面数字电视发射机组"),
                            "transmitter",
                            380,
                            load("broadcast", 215, noise_ratio=0.008, ripple_ratio=0.012, pf=0.95),
                            load("flat", 90, noise_ratio=0.01, pf=0.95),
                        ),
                        circuit(
                            ("Transmitter cooling", "发射机房空调"),
                            "chiller",
                            360,
                            load("broadcast", 150, ripple_ratio=0.15, pf=0.85),
                            load(
                                "flat",
                                140,
                                ripple_ratio=0.15,
                                pf=0.85,
                                weather="cooling",
                                weather_ratio=0.9,
                            ),
                        ),
                        circuit(
                            ("Facade lighting", "塔身景观照明"),
                            "lighting",
                            180,
                            load(
                                "facade",
                                150,
                                weather="dark",
                                weather_ratio=1.0,
                                noise_ratio=0.02,
                                pf=0.93,
                            ),
                        ),
                        circuit(
                            ("Sightseeing lifts", "观光电梯"),
                            "lift",
                            110,
                            load("mall", 55, ripple_ratio=0.6, noise_ratio=0.12, pf=0.82),
                        ),
                    ),
                    remainder=(load("office", 60),),
                    capacitor_kvar=260,
                ),
            ),
        ),
    ),
)
