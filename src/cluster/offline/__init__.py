"""
The command line without any server: plan a day from a file, check a plan, split its cost, print the schemas.

Start-up stays short because each command imports the solver only when it runs.
"""

from cluster.offline.check_command import check_command
from cluster.offline.check_split_command import check_split_command
from cluster.offline.emissions_command import emissions_command
from cluster.offline.pack_command import pack_command
from cluster.offline.plan_command import plan_command
from cluster.offline.schema_command import schema_command
from cluster.offline.space_command import space_command
from cluster.offline.split_command import split_command
from cluster.offline.statement_command import statement_command

commands = [
    plan_command,
    pack_command,
    space_command,
    check_command,
    split_command,
    check_split_command,
    emissions_command,
    statement_command,
    schema_command,
]

__all__ = ["commands"]
