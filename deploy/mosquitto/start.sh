#!/bin/sh
# Runs mosquitto, and tells it of passwords that gateways were given since.
set -eu
own=/mosquitto/loadstone.passwd
mosquitto_passwd -b -c /mosquitto/people.passwd collector "$MQTT_PASSWORD"
write() {
    cat /mosquitto/people.passwd >"$own.new"
    [ ! -f /passwords/gateways ] || cat /passwords/gateways >>"$own.new"
    chown mosquitto "$own.new"
    chmod 600 "$own.new"
    mv "$own.new" "$own"
}
chown -R mosquitto /mosquitto/data
write
mosquitto -c /loadstone/mosquitto.conf &
broker=$!
trap 'kill "$broker"' TERM INT
while kill -0 "$broker" 2>/dev/null; do
    sleep 5 &
    wait $! || true
    if [ -f /passwords/gateways ] && [ /passwords/gateways -nt "$own" ]; then
        write
        kill -HUP "$broker"
    fi
done
wait "$broker"
