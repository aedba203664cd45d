"""Prometheus beside the stack, where the machine has one: scrapes every service of this data directory."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import yaml

from closedloop.stack.http_ready import answers
from closedloop.stack.part import Part
from closedloop.stack.ports import LOOPBACK

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "rules"
"""The alert rules of every installation; where only the packages are installed there are none."""


def scrape_config(ports: Mapping[str, int], rules: Path = RULES) -> str:
    """One job per service, named like it, under the alert rules that there are."""
    jobs = [{"job_name": name, "static_configs": [{"targets": [f"{LOOPBACK}:{port}"]}]} for name, port in ports.items()]
    every = {"scrape_interval": "5s", "evaluation_interval": "5s"}
    config = {"global": every, "rule_files": [f"{rules}/*.yml"], "scrape_configs": jobs}
    return yaml.safe_dump(config, sort_keys=False)


def part(data: Path, binary: str, env: Mapping[str, str], port: int, services: Mapping[str, int]) -> Part:
    config = data / "prometheus.yml"

    def before() -> None:
        config.write_text(scrape_config(services))

    argv = (
        binary,
        f"--config.file={config}",
        f"--storage.tsdb.path={data / 'prometheus'}",
        "--storage.tsdb.retention.size=256MB",
        f"--web.listen-address={LOOPBACK}:{port}",
    )
    address = f"http://{LOOPBACK}:{port}"
    ready_url = f"{address}/-/ready"
    return Part("prometheus", argv, env, address, partial(answers, ready_url), ready_url, before)
