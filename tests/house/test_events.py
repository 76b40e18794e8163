"""Every event that the code emits has a place in the catalogue, and the page about webhooks names every type."""

import ast
import re

from cluster.base.jobs import JOB_QUEUED
from cluster.webhooks.catalogue import KINDS
from tests.house.tree import ROOT, python_files, syntax

TOPIC = re.compile(r"[a-z_]+\.[a-z_]+")


def literal_topics() -> set[str]:
    """Topics that stand as plain text in calls of ``emit`` and ``emit_many``."""
    found = set()
    for path in python_files("src"):
        for node in ast.walk(syntax(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr.startswith("emit")
            ):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and TOPIC.fullmatch(text)}
    return found


def test_there_are_topics_in_the_code() -> None:
    assert {"shipment.cancelled", "plan.published"} <= literal_topics()


def test_every_topic_in_the_code_is_in_the_catalogue() -> None:
    assert literal_topics() - KINDS.keys() == set()
    assert JOB_QUEUED not in KINDS


def test_the_page_about_webhooks_names_every_type() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    assert [name for name in KINDS if f"`{name}`" not in page] == []
