"""Words of statements on paper, in the languages that papers are written in."""

LANGUAGES = ("en", "vi", "de", "zh")
_ROWS = {
    "title": ("Statement", "Bảng kê", "Abrechnung", "对账单"),
    "opening": ("Opening balance", "Số dư đầu kỳ", "Anfangssaldo", "期初余额"),
    "turnover": ("This period", "Trong kỳ", "Diese Periode", "本期"),
    "closing": ("Closing balance (you owe)", "Số dư cuối kỳ (bạn nợ)", "Endsaldo (Sie schulden)", "期末余额（应付）"),
    "alone": ("Alone it would have cost", "Nếu đi riêng sẽ tốn", "Allein hätte es gekostet", "单独运输的成本"),
    "share": ("Your share", "Phần của bạn", "Ihr Anteil", "贵方分摊"),
    "saving": ("Saved", "Tiết kiệm", "Gespart", "节省"),
    "emissions": ("CO2e, kg", "CO2e, kg", "CO2e, kg", "二氧化碳当量（千克）"),
    "lines": ("Lines", "Các dòng", "Posten", "明细"),
    "plans": ("Plans", "Kế hoạch", "Pläne", "计划"),
    "taxes": ("Tax", "Thuế", "Steuer", "税"),
    "day": ("Day", "Ngày", "Tag", "日期"),
    "kind": ("Kind", "Loại", "Art", "类别"),
    "reason": ("Reason", "Lý do", "Grund", "原因"),
    "source": ("From", "Nguồn", "Aus", "来源"),
    "amount": ("Amount", "Số tiền", "Betrag", "金额"),
    "rate": ("Rate, %", "Thuế suất, %", "Satz, %", "税率 %"),
    "net": ("Net", "Trước thuế", "Netto", "净额"),
    "tax": ("Tax", "Thuế", "Steuer", "税额"),
    "shipments": ("Shipments", "Lô hàng", "Sendungen", "货件"),
    "rule": ("Rule", "Quy tắc", "Regel", "规则"),
    "where": ("Where it is written", "Căn cứ", "Grundlage", "依据"),
}


def words(language: str) -> dict[str, str]:
    """All words in a language; English where it is none of ours."""
    at = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {name: row[at] for name, row in _ROWS.items()}
