#!/usr/bin/env bash
# Starts everything of compose.yaml and proves, on a live Grafana, that the boards are there, that every
# query of a customer's boards runs, and that a customer's data source sees nobody else.
# Needs Docker with compose; leaves everything running unless told `--down`.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '== %s\n' "$*"; }
if [ ! -f .env ]; then
    say "making .env with passwords of its own"
    sed "s/^\([A-Z]*_PASSWORD\)=$/\1=PASSWORD/" .env.example |
        while IFS= read -r line; do
            printf '%s\n' "${line/=PASSWORD/=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')}"
        done >.env
    chmod 600 .env
fi

say "starting; the first time builds the image"
docker compose up --detach --build --wait --wait-timeout 300 timescaledb grafana mosquitto
docker compose up --detach collect work serve passwords

say "two customers, a site and a meter each"
docker compose exec -T timescaledb psql -q -U loadstone -d loadstone -v ON_ERROR_STOP=1 <<'SQL'
INSERT INTO core.customer (code, name_en, name_zh, kind)
VALUES ('SMOKE-A', 'Smoke A', '烟测甲', 'office'), ('SMOKE-B', 'Smoke B', '烟测乙', 'office')
ON CONFLICT DO NOTHING;
INSERT INTO core.site (customer_id, code, name_en, name_zh, zone, contract_demand_kw)
SELECT customer_id, code || '-1', name_en, name_zh, 'Asia/Shanghai', 100 FROM core.customer
WHERE code LIKE 'SMOKE-%' ON CONFLICT DO NOTHING;
INSERT INTO core.meter (site_id, code, name_en, name_zh)
SELECT site_id, code || '-M', name_en, name_zh FROM core.site WHERE code LIKE 'SMOKE-%'
ON CONFLICT DO NOTHING;
SQL

say "pushing boards, twice"
docker compose run --rm collect dashboards push --staff
second=$(docker compose run --rm collect dashboards push --staff)
grep -q ', 0 things changed' <<<"$second" || {
    printf 'the second push changed something:\n%s\n' "$second"
    exit 1
}

say "asking Grafana"
docker compose run --rm --entrypoint python --volume "$PWD/smoke.py:/smoke.py:ro" collect /smoke.py

if [ "${1:-}" = --down ]; then
    docker compose down --volumes
fi
say "all is well: http://127.0.0.1:3000 (admin, GRAFANA_PASSWORD of .env)"
