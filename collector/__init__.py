"""The MQTT edge: bytes become messages, and are acknowledged once they are stored."""
