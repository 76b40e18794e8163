"""Rewrites ``migrations/schema.sql`` from the migrations: ``make schema``."""

import sys

from cluster.base.migrate import write_schema
from tests.databases import TEMPLATE, make_template, named, throw_away_servers

with throw_away_servers() as servers:
    make_template(servers)
    assert servers.owner_url
    sys.stdout.write(f"{write_schema(named(servers.owner_url, TEMPLATE))}\n")
