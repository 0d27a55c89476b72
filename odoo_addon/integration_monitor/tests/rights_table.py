"""Reads rights.csv, the one table of who may do what: docs/rights.md shows it, the tests go over it.

Each line is a right, each column a role. A cell says ``yes``, ``no`` (AccessError), ``own`` (one's own: what
belongs to documents of one's own area, or what one has made oneself), or the code of the error that tells
this role that there is nothing for it.

The first column says what the line is about: ``rows`` of a model (``read``; ``change``: create, write,
delete, copy; ``use``: create, read and write a wizard), a ``method`` over RPC, or a ``menu``. The fourth says
whether what belongs to another company is refused to everybody.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "staff": "base.group_user,base.group_partner_manager",
    "user": "integration_monitor.group_user",
    "operator": "integration_monitor.group_operator",
    "administrator": "integration_monitor.group_manager",
    "sidecar": "integration_monitor.group_sidecar",
}
CELLS = ("yes", "no", "own")


@dataclass(frozen=True)
class Right:
    kind: str  # rows | method | menu
    model: str  # of a menu: its xml id
    name: str
    by_company: bool
    cells: dict  # role → cell

    def allowed(self, *cells):
        return {role for role, cell in self.cells.items() if cell in (cells or ("yes", "own"))}


def read_rights():
    """Return the Rights in the order of the table.

    :raise ValueError: when a line has a cell that means nothing, or comes twice
    """
    with (Path(__file__).parent / "rights.csv").open(encoding="utf-8", newline="") as file:
        rights = [_read_line(line) for line in csv.DictReader(file)]
    keys = [(right.kind, right.model, right.name) for right in rights]
    if len(set(keys)) != len(keys):
        raise ValueError(f"Twice in rights.csv: {sorted({key for key in keys if keys.count(key) > 1})}")
    return rights


def _read_line(line):
    cells = {role: line[role] for role in GROUPS}
    wrong = [cell for cell in cells.values() if cell not in CELLS and not cell.startswith("IM_")]
    if wrong:
        raise ValueError(f"Expected yes, no, own or an IM_ code in rights.csv, got {wrong} in {line}")
    return Right(line["kind"], line["on"], line["right"], line["company"] == "yes", cells)


RIGHTS = read_rights()
