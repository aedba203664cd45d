"""How a process of escalation behaves; addresses come from the environment (services/shared/process/settings.py)."""

from __future__ import annotations

from services.shared.process.process import Role

ROLE = Role()
