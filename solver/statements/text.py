"""A statement in the member's language, as plain text: a title, then sections of lines."""

from collections.abc import Iterator, Sequence

from solver.statements import numbers
from solver.statements.catalogue import say
from solver.statements.figures import OwnRoute, Statement
from solver.statements.guards import OTHERS_MIN
from solver.statements.numbers import Language

CM3_PER_M3 = 1_000_000


def statement_text(statement: Statement, language: Language) -> str:
    """
    The whole statement.

    Ids and names are printed as they are but for characters that cannot be printed, which become ``?``, so that none
    can forge a line.
    """
    return "\n".join(_Writer(statement, language).lines()) + "\n"


def plain(text: str) -> str:
    """Text on one line: what cannot be printed becomes ``?``."""
    return "".join(character if character.isprintable() else "?" for character in text)


def time_of(time_s: int, language: Language) -> str:
    """A time of the plan: ``06:30``, from the second day on with the day."""
    day, time = numbers.clock(time_s)
    return time if day == 1 else say(language, "clock_later_day", day=day, time=time)


def listed(names: Sequence[str], language: Language) -> str:
    """Names in a row."""
    return say(language, "list_separator").join(plain(name) for name in names)


class _Writer:
    def __init__(self, statement: Statement, language: Language) -> None:
        self._it = statement
        self._language = language

    def _say(self, key: str, **fields: str | int) -> str:
        return say(self._language, key, **fields)

    def _line(self, key: str, value: str | int) -> str:
        return self._say("line", label=self._say(key), value=value)

    def _money(self, amount_minor: int) -> str:
        return numbers.money(amount_minor, self._it.currency, self._language)

    def lines(self) -> Iterator[str]:
        yield self._say("title", member=plain(self._it.member))
        if self._it.reference:
            yield self._say("reference", reference=plain(self._it.reference))
        for heading, section in (
            ("section_payment", self._payment()),
            ("section_alone", self._alone()),
            ("section_drivers", self._drivers()),
            ("section_rule", self._rule()),
            ("section_guarantee", self._guarantee()),
            ("section_totals", self._totals()),
            ("section_proof", self._proof()),
        ):
            yield from ("", self._say(heading))
            for line in section:
                yield f"  {line}"

    def _payment(self) -> Iterator[str]:
        paid = self._it.payment
        yield self._line("stand_alone", self._money(paid.stand_alone_minor))
        yield self._line("share", self._money(paid.share_minor))
        saving = self._money(paid.saving_minor)
        if paid.saving_permille is not None:
            part = numbers.percent(paid.saving_permille, self._language)
            saving = self._say("saving_with_percent", amount=saving, percent=part)
        yield self._line("saving", saving)
        if paid.incremental_minor is not None:
            yield self._line("incremental", self._money(paid.incremental_minor))
        if paid.low_minor is not None and paid.high_minor is not None:
            low, high = self._money(paid.low_minor), self._money(paid.high_minor)
            yield self._line("guaranteed_range", self._say("range", low=low, high=high))
            yield self._say("note_range")
        elif not paid.proven:
            yield self._say("note_unproven")
        if self._it.united:
            yield self._say("united")
        for key, grams in (("co2_own", self._it.co2_g), ("co2_alone", self._it.co2_alone_g)):
            if grams is not None:
                yield self._line(key, numbers.kg(grams, self._language))

    def _alone(self) -> Iterator[str]:
        plan = self._it.alone
        if not self._it.drivers.orders:
            yield self._say("alone_none")
            return
        yield self._say("alone_intro")
        yield self._line("alone_cost", self._money(plan.cost_minor))
        if plan.cost_minor != self._it.payment.stand_alone_minor:
            dearer = plan.cost_minor > self._it.payment.stand_alone_minor
            yield self._say("alone_dearer" if dearer else "alone_cheaper")
        for route in plan.routes:
            yield from self._route(route)
        if plan.outside:
            yield self._line("alone_outside", listed(plan.outside, self._language))
        if plan.unserved:
            yield self._line("alone_unserved", listed(plan.unserved, self._language))

    def _route(self, route: OwnRoute) -> Iterator[str]:
        yield self._say(
            "route",
            vehicle=plain(route.vehicle_type),
            number=route.vehicle,
            start=time_of(route.start_s, self._language),
            end=time_of(route.end_s, self._language),
            distance=numbers.km(route.distance_m, self._language),
            cost=numbers.money_milli(route.cost_milli, self._it.currency, self._language),
        )
        for stop in route.stops:
            time, orders = time_of(stop.start_s, self._language), listed(stop.orders, self._language)
            yield "  " + self._say("stop", time=time, place=plain(stop.place), orders=orders)

    def _drivers(self) -> Iterator[str]:
        drivers = self._it.drivers
        for key, number in (("orders", drivers.orders), ("stops", drivers.stops), ("vehicles", drivers.vehicles)):
            yield self._line(key, numbers.decimal(number, 0, self._language))
        for dimension, amount in sorted(drivers.load.items()):
            if amount:
                yield self._load(dimension, amount)
        if drivers.hub_mean_m is not None and drivers.hub_max_m is not None:
            yield self._line("hub_mean", numbers.km(drivers.hub_mean_m, self._language))
            yield self._line("hub_max", numbers.km(drivers.hub_max_m, self._language))
        if drivers.window_mean_s is not None:
            width = numbers.hours(drivers.window_mean_s, self._language)
            yield self._line("windows", numbers.decimal(drivers.windows, 0, self._language))
            yield self._line("window_mean", self._say("hours", hours=width))
        for key, amount in (
            ("fixed", drivers.fixed_milli),
            ("distance", drivers.distance_milli),
            ("time", drivers.time_milli),
            ("stop_cost", drivers.stop_milli),
            ("outside", drivers.outside_milli),
            ("other", drivers.other_milli),
        ):
            if amount:
                yield self._line(key, numbers.money_milli(amount, self._it.currency, self._language))
        for entry in drivers.dearest:
            yield self._say("dearest", order=plain(entry.order), cost=self._money(entry.cost_minor))

    def _load(self, dimension: str, amount: int) -> str:
        """One dimension of the load, in the unit that its name ends in."""
        if dimension.endswith("_g"):
            return self._line("load_weight", numbers.kg(amount, self._language))
        if dimension.endswith("_cm3"):
            volume = numbers.tenths(amount, CM3_PER_M3, self._language)
            return self._line("load_volume", f"{volume}{numbers.NBSP}m³")
        number = numbers.decimal(amount, 0, self._language)
        if dimension in ("pallet_places", "pallets"):
            return self._line("load_pallets", number)
        return self._say("line", label=plain(dimension), value=number)

    def _rule(self) -> Iterator[str]:
        agreed, applied = self._it.rule, self._it.rule_applied
        yield self._say(f"name_{applied}")
        yield self._say(f"rule_{applied}")
        if applied is not agreed:
            yield self._say("rule_replaced", agreed=self._say(f"name_{agreed}"))

    def _guarantee(self) -> Iterator[str]:
        holds = self._it.guarantee
        yield self._say("guarantee_you_yes" if holds.you else "guarantee_you_no")
        yield self._say("guarantee_everybody_yes" if holds.everybody else "guarantee_everybody_no")
        yield self._say(f"verdict_{holds.verdict}")

    def _totals(self) -> Iterator[str]:
        totals = self._it.totals
        if totals is None:
            yield self._say("totals_withheld", others=OTHERS_MIN)
            return
        yield self._line("totals_members", totals.members)
        yield self._line("totals_saving", self._money(totals.saving_minor))
        yield self._line("totals_distance", numbers.km(totals.distance_m, self._language))
        if totals.co2_g is not None:
            yield self._line("totals_co2", numbers.kg(totals.co2_g, self._language))

    def _proof(self) -> Iterator[str]:
        digests = self._it.digests
        yield self._line("proof_version", digests.version)
        for key, hexadecimal in (
            ("proof_pool", digests.pool),
            ("proof_plan", digests.plan),
            ("proof_certificate", digests.certificate),
        ):
            if hexadecimal is not None:
                yield self._line(key, hexadecimal)
        withheld = digests.pool is None
        yield self._say("proof_withheld" if withheld else "proof_sealed" if digests.sealed else "proof_plain")
