import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from cluster.offline.report import Report, report_html
from cluster.offline.report_map import projection
from solver.assemble import assemble
from solver.compiled import Compiled
from solver.matrix import Matrix
from solver.plan import Budget, Leg, Result
from solver.problem import Place, TravelProfile
from solver.shares import Rule, Share, Split
from solver.sharing.certify import certificate
from solver.sharing.game import Game
from tests.cluster.offline.worlds import HOSTILE, hostile, one_route, two_members


class Page(HTMLParser):
    """Every element with its attributes, and the text of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.raw, self.text, self._inside = [], {"script": [], "style": []}, "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in self.raw else None

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside:
            self.raw[self._inside].append(data)
        else:
            self.text += data

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def share(owner, alone, paid, incremental=100):
    return Share(
        owner=owner,
        stand_alone_minor=alone,
        share_minor=paid,
        saving_minor=alone - paid,
        incremental_minor=incremental,
        low_minor=paid,
        high_minor=paid,
    )


def split_of(problem, plan, **changes):
    """Everybody pays 600 of 1,200 instead of 1,000 alone, and both costs are proven."""
    shares = tuple(share(owner, 1_000, 600) for owner in problem.owners)
    fields = {
        "rule": Rule.NUCLEOLUS,
        "rule_applied": Rule.NUCLEOLUS,
        "repaired": False,
        "currency": plan.currency,
        "cost_minor": 1_200,
        "shares": shares,
        "unions": (),
        "certificate": certificate(Game(problem.owners, [0, 1_000, 1_000, 1_200]), [600, 600]),
        "excess_max_minor": -400,
        "in_core": True,
        "individually_rational": True,
        "coalitions": 3,
        "coalitions_proven": 3,
        "pool_digest": "abc",
        "seconds": 0.1,
        "plan": None,
    }
    return Split(**(fields | changes))


def report_of(problem, plan=None, bound_percent=90, **changes):
    plan = plan or one_route(problem)
    result = Result(
        plan=plan,
        bound_milli=plan.cost_milli * bound_percent // 100,
        gap=1 - bound_percent / 100,
        seconds=1.0,
        seed=7,
        budget=Budget(),
        trace=(Leg(engine="construct", seconds=0.5, cost_milli=None, routes_found=3),),
    )
    return report_html(
        Report(title="Day", problem=problem, plan=plan, result=result, split=split_of(problem, plan, **changes))
    )


def test_what_users_typed_stays_text():
    page = Page(report_of(hostile()))
    assert len(page.of("script")) == 1
    assert not page.of("img")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert HOSTILE in page.text


def test_the_policy_admits_exactly_the_style_and_script_inside():
    page = Page(report_of(two_members()))
    policy = next(a["content"] for a in page.of("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(page.raw[tag]).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not [tag for tag, attributes in page.elements if "style" in attributes]


def test_nothing_is_asked_of_any_network():
    text = report_of(two_members())
    page = Page(text)
    sources = [a[key] for _, a in page.elements for key in ("src", "href", "action", "srcset", "data") if key in a]
    assert sources == ["data:,"]
    assert not re.search(r"https?:|url\(|@import", text)


def test_every_route_stands_in_map_timeline_and_tables():
    world = two_members()
    plan = assemble(Compiled(world), [(0, (1,)), (0, (3, 5)), (0, (7,))])
    page = Page(report_of(world, plan))
    for number in "012":
        tags = [tag for tag, attributes in page.elements if attributes.get("data-route") == number]
        assert sorted(tags) == ["button", "details", "div", "g"]
    for order in world.orders:
        assert order.id in page.text


def test_what_is_left_behind_comes_with_reason_and_price():
    page = Page(report_of(two_members()))
    assert "Not planned" in page.text
    assert "12.50 EUR" in page.text  # b2's outside option: 1,250,000 thousandths of a cent


def test_a_plan_without_routes_is_still_a_report():
    world = two_members()
    plan = assemble(Compiled(world), [])
    page = Page(report_of(world, plan))
    assert "0 of 4" in page.text
    assert "3 not served at all" in page.text


def test_a_plan_without_coordinates_says_that_there_is_no_map():
    world = two_members()
    rows = Matrix([[0 if row == column else 60 for column in range(4)] for row in range(4)])
    world = world.replace(
        places=tuple(Place(id=place.id) for place in world.places),
        profiles=(TravelProfile(id="default", distance_m=rows, duration_s=rows),),
    )
    page = Page(report_of(world))
    assert "No route has places with coordinates." in page.text


def test_without_result_and_split_the_report_leaves_out_what_it_does_not_know():
    world = two_members()
    page = Page(report_html(Report(title="Day", problem=world, plan=one_route(world))))
    assert "Proven" not in page.text
    assert "Who pays what" not in page.text


@pytest.mark.parametrize(
    ("bound_percent", "said"),
    [
        (90, "could save more than 10.0 %"),
        (100, "no plan for these shipments costs less than this one"),
        (0, "No lower bound was found"),
    ],
)
def test_the_proof_is_said_in_words(bound_percent, said):
    assert said in Page(report_of(two_members(), bound_percent=bound_percent)).text


def test_a_stable_split_says_that_nobody_gains_by_leaving():
    assert "Nobody could do better by leaving" in Page(report_of(two_members())).text


def test_a_split_among_unions_claims_no_more_than_was_compared():
    together = certificate(Game(("ann, bob",), [0, 1_200]), [1_200])
    page = Page(report_of(two_members(), unions=(("ann", "bob"),), certificate=together))
    assert "Nobody could do better by leaving" not in page.text
    assert "Groups of members were not compared" in page.text
    assert "ann with bob" in page.text


# Three players pay 400 each where every pair could plan for 479 by itself: 321 less than it pays.
PAIRS = Game(("ann", "bob", "cy"), [0, 1_000, 1_000, 479, 1_000, 479, 479, 1_200])


def test_an_unstable_split_says_how_much_a_group_would_gain():
    page = Page(report_of(two_members(), certificate=certificate(PAIRS, [400, 400, 400])))
    assert "the most that any of them would surely gain is 3.21 EUR" in page.text


def test_a_split_that_is_not_proven_says_how_much_room_is_left():
    loose = Game(PAIRS.players, [0, 1_000, 1_000, 900, 1_000, 900, 900, 1_200], PAIRS.cost)
    page = Page(report_of(two_members(), certificate=certificate(loose, [400, 400, 400])))
    assert "No group is known that would pay less" in page.text
    assert "leaves room for a gain of 3.21 EUR at most" in page.text


def test_members_that_pay_more_than_alone_are_named():
    # Ann pays 7.00 and would pay 5.00 alone.
    alone = certificate(Game(("ann", "bob"), [0, 500, 900, 1_200]), [700, 500])
    shares = (share("ann", 500, 700), share("bob", 900, 500))
    page = Page(report_of(two_members(), individually_rational=False, certificate=alone, shares=shares))
    assert "ann would pay less alone" in page.text
    assert "surely gain by leaving is 2.00 EUR" in page.text
    assert "-40.0 %" in page.text


def test_the_map_keeps_north_up_and_proportions_true():
    places = [
        Place(id="south", lat=0.0, lon=0.0),
        Place(id="north", lat=0.01, lon=0.0),
        Place(id="east", lat=0.0, lon=0.01),
    ]
    frame = projection(places)
    south, north, east = (frame.of(place) for place in places)
    assert north[1] < south[1]
    assert east[0] > south[0]
    # at the equator a hundredth of a degree is as long northwards as eastwards
    assert south[1] - north[1] == pytest.approx(east[0] - south[0], abs=0.2)


def test_a_single_place_has_a_map_too():
    frame = projection([Place(id="only", lat=10.0, lon=106.0)])
    assert frame.of(Place(id="only", lat=10.0, lon=106.0)) == (500.0, frame.height / 2)
