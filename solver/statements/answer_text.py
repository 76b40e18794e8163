"""An answer to "what if" in the member's language, as plain text."""

from collections.abc import Iterator

from solver.statements import numbers
from solver.statements.catalogue import say
from solver.statements.numbers import Language
from solver.statements.questions import Answer, DayLater, StayOut, WiderWindow
from solver.statements.text import listed


def answer_text(answer: Answer, language: Language) -> str:
    """The question, the figures now and then, and how far they may be relied on."""
    return "\n".join(_Writer(answer, language).lines()) + "\n"


class _Writer:
    def __init__(self, answer: Answer, language: Language) -> None:
        self._it = answer
        self._language = language

    def _line(self, key: str, value: str) -> str:
        return "  " + say(self._language, "line", label=say(self._language, key), value=value)

    def _money(self, amount_minor: int) -> str:
        return numbers.money(amount_minor, self._it.currency, self._language)

    def lines(self) -> Iterator[str]:
        it = self._it
        yield say(self._language, f"if_{type(it.question).__struct_config__.tag}")
        yield from self._asked()
        yield self._line("if_alone_now", self._money(it.stand_alone_minor))
        yield self._line("if_share_now", self._money(it.share_minor))
        if isinstance(it.question, StayOut):
            yield self._line("if_pay_then", self._money(it.share_then_minor))
            yield from self._change()
            yield "  " + say(self._language, "if_note_exact")
            return
        yield self._line("if_alone_then", self._money(it.stand_alone_then_minor))
        yield self._line("if_share_then", self._money(it.share_then_minor))
        if it.low_then_minor is not None and it.high_then_minor is not None:
            low, high = self._money(it.low_then_minor), self._money(it.high_then_minor)
            yield self._line("if_range_then", say(self._language, "range", low=low, high=high))
        yield from self._change()
        yield from self._there()
        yield "  " + say(self._language, "if_note_estimate", grain=self._money(it.grain_minor))

    def _asked(self) -> Iterator[str]:
        question = self._it.question
        if isinstance(question, StayOut):
            return
        orders = listed(question.orders, self._language) or say(self._language, "if_all_orders")
        yield self._line("if_orders", orders)
        if isinstance(question, WiderWindow):
            for key, moved_s in (("if_earlier", question.earlier_s), ("if_later", question.later_s)):
                if moved_s:
                    width = numbers.hours(moved_s, self._language)
                    yield self._line(key, say(self._language, "hours", hours=width))

    def _change(self) -> Iterator[str]:
        change = self._it.change_minor
        if change:
            yield self._line("if_lost" if change > 0 else "if_saved", self._money(abs(change)))
        else:
            yield "  " + say(self._language, "if_nothing", grain=self._money(max(1, self._it.grain_minor)))

    def _there(self) -> Iterator[str]:
        if not isinstance(self._it.question, DayLater):
            return
        if self._it.there_minor is not None:
            yield self._line("if_there", self._money(self._it.there_minor))
        else:
            impossible = self._it.there_impossible
            yield "  " + say(self._language, "if_there_impossible" if impossible else "if_there_unknown")
