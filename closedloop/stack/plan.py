"""Derives the parts of a stack from its settings: their processes, ports and environments."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from closedloop.stack import class_archive, downloads, kafka, mongodb, ports, process, prometheus, secret, services
from closedloop.stack.part import Part
from closedloop.stack.settings import Endpoints, StackSettings


class Plan:
    """Made once per start. Raises `NotSupported` or `PortTaken` where the settings cannot be had on this machine."""

    def __init__(self, settings: StackSettings, data: Path) -> None:
        self._settings, self._data = settings, data
        self._theirs = {
            "kafka": self._given("KAFKA_BOOTSTRAP_SERVERS"),
            "mongodb": self._given("MONGODB_URI"),
        }
        if not all(self._theirs.values()):
            downloads.require_supported()
        self._prometheus = shutil.which("prometheus") if settings.prometheus else None
        self._ports = ports.assign(self._wanted_ports())
        self._base = {**os.environ, process.MARK: str(data)}

    def endpoints(self) -> Endpoints:
        """The embedded addresses, or those of the clusters that the user names."""
        http = {spec.name: f"http://{ports.LOOPBACK}:{self._ports[spec.name]}" for spec in self._settings.services}
        broker = self._theirs["kafka"] or f"{ports.LOOPBACK}:{self._ports['kafka']}"
        return Endpoints(broker, self._theirs["mongodb"] or mongodb.uri(self._ports["mongodb"]), http)

    def foundations(self, say: Callable[[str], None]) -> list[Part]:
        """Broker and database, as far as they are embedded; what they are made of is fetched first."""
        parts = []
        if not self._theirs["kafka"]:
            java = class_archive.java(downloads.broker_jars(say), say)
            port, controller_port = self._ports["kafka"], self._ports["kafka-controller"]
            parts.append(kafka.part(self._data, java, self._base, port, controller_port))
        if not self._theirs["mongodb"]:
            parts.append(mongodb.part(self._data, downloads.mongod(say), self._base, self._ports["mongodb"]))
        return parts

    def services(self) -> list[Part]:
        """The services, and the Prometheus that watches them where there is one."""
        endpoints, parts, listening = self.endpoints(), [], {}
        base = {
            **self._base,
            secret.PSEUDONYM_KEY: secret.pseudonym_key(self._data, {**os.environ, **self._settings.env}),
        }
        for spec in self._settings.services:
            port = listening[spec.name] = self._ports[spec.name]
            env = services.environment(spec, base, self._settings.env, endpoints, port)
            parts.append(services.part(spec, env, port))
        if self._prometheus:
            port = self._ports["prometheus"]
            parts.append(prometheus.part(self._data, self._prometheus, self._base, port, listening))
        return parts

    def _given(self, variable: str) -> str:
        return {**os.environ, **self._settings.env}.get(variable, "")

    def _wanted_ports(self) -> dict[str, int]:
        asked, wanted = self._settings, dict[str, int]()
        if not self._theirs["kafka"]:
            # Nobody but the broker itself speaks to its controller: any port will do.
            wanted |= {"kafka": asked.kafka_port, "kafka-controller": 0}
        if not self._theirs["mongodb"]:
            wanted["mongodb"] = asked.mongo_port
        wanted |= {spec.name: asked.http_ports.get(spec.name, spec.port) for spec in asked.services}
        if self._prometheus:
            wanted["prometheus"] = asked.http_ports.get("prometheus", 0)
        return wanted
