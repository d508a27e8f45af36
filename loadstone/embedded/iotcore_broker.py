"""The process of the wheel's broker: `python -m loadstone.embedded.iotcore_broker CONFIG UID GID`.

It is a Python process and may be installed where only root can read, so it gives up root itself,
after its imports, instead of being started without. The kernel forgets on that change that the
process is to end with its parent: it asks again.
"""

from __future__ import annotations

import logging
import os
import signal
import sys

from iotcore import IotCoreBroker

from loadstone.embedded.launch import drop_root, end_with_parent


def main(arguments: list[str]) -> None:
    """Run the broker that a rumqttd TOML file describes, as UID:GID, until a signal ends it."""
    config = arguments[0]
    uid, gid = (int(argument) for argument in arguments[1:3])
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # rumqttd marks the routing of every packet as an error span
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    parent_pid = os.getppid()
    drop_root(uid, gid)
    end_with_parent(parent_pid, signal.SIGTERM)
    IotCoreBroker(config_path=config).run_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
