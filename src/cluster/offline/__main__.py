"""``python -m cluster.offline``: the offline commands alone."""

import click

from cluster.offline import commands

main = click.Group("cluster", commands=commands, help="Plan, check and describe a day without any server.")

if __name__ == "__main__":
    main()
