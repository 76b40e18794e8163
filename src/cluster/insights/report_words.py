"""Words of reports in four languages, and how figures are written in them."""

from enum import StrEnum

from cluster.base.languages import LANGUAGES, best_of

WORDS: dict[str, tuple[str, str, str, str]] = {
    "title": ("Figures of the cluster", "Số liệu của cụm", "Kennzahlen des Verbunds", "集群指标"),
    "title_own": ("Figures of your firm", "Số liệu của công ty bạn", "Kennzahlen Ihres Betriebs", "贵公司指标"),
    "from_to": ("{start} to {end}", "{start} đến {end}", "{start} bis {end}", "{start} 至 {end}"),
    "made": ("Amounts in {currency}. Service days in {zone}.", "Số tiền bằng {currency}. Ngày giao theo {zone}.",
             "Beträge in {currency}. Liefertage in {zone}.", "金额单位 {currency}。服务日按 {zone}。"),
    "nothing": ("No plan was published in these days.", "Không có kế hoạch nào được công bố trong những ngày này.",
                "In diesen Tagen wurde kein Plan veröffentlicht.", "这些天没有发布计划。"),
    "period": ("From", "Từ", "Von", "自"),
    "until": ("To", "Đến", "Bis", "至"),
    "total": ("Total", "Tổng", "Summe", "合计"),
    "planned": ("Shipments planned", "Lô hàng được xếp", "Geplante Sendungen", "已计划货件"),
    "unplanned": ("Not planned", "Không xếp được", "Nicht geplant", "未计划"),
    "cost": ("Cost", "Chi phí", "Kosten", "成本"),
    "share": ("Your share", "Phần của bạn", "Ihr Anteil", "您的份额"),
    "per_shipment": ("Per shipment", "Mỗi lô hàng", "Je Sendung", "每件"),
    "per_km": ("Per km", "Mỗi km", "Je km", "每公里"),
    "per_kg": ("Per kg", "Mỗi kg", "Je kg", "每公斤"),
    "km": ("Kilometres", "Số km", "Kilometer", "公里"),
    "hours": ("Hours", "Số giờ", "Stunden", "小时"),
    "vehicles": ("Vehicle days", "Lượt xe theo ngày", "Fahrzeugtage", "车次（日）"),
    "kg": ("Weight, kg", "Khối lượng, kg", "Gewicht, kg", "重量 kg"),
    "m3": ("Volume, m³", "Thể tích, m³", "Volumen, m³", "体积 m³"),
    "fill_weight": ("Fill by weight, %", "Tải theo khối lượng, %", "Auslastung Gewicht, %", "重量装载率 %"),
    "fill_volume": ("Fill by volume, %", "Tải theo thể tích, %", "Auslastung Volumen, %", "体积装载率 %"),
    "on_time": ("On time, %", "Đúng giờ, %", "Pünktlich, %", "准时率 %"),
    "alone": ("Cost going alone", "Chi phí khi đi riêng", "Kosten allein", "单独运输成本"),
    "saving": ("Saving", "Tiết kiệm", "Ersparnis", "节省"),
    "saving_percent": ("Saving, %", "Tiết kiệm, %", "Ersparnis, %", "节省 %"),
    "co2": ("CO2e, kg", "CO2e, kg", "CO2e, kg", "CO2e, kg"),
    "space": ("Warehouse space used, %", "Sử dụng kho, %", "Lagerfläche belegt, %", "仓位使用率 %"),
    "day": ("Service day", "Ngày giao", "Liefertag", "服务日"),
    "reference": ("Reference", "Mã tham chiếu", "Referenz", "参考号"),
    "status": ("Status", "Trạng thái", "Status", "状态"),
    "member": ("Member", "Thành viên", "Mitglied", "成员"),
    "place": ("Place", "Địa điểm", "Ort", "地点"),
    "address": ("Address", "Địa chỉ", "Adresse", "地址"),
    "begins": ("Begins at", "Bắt đầu lúc", "Beginn", "开始"),
    "reason": ("Reason", "Lý do", "Grund", "原因"),
    "route": ("Route", "Tuyến", "Tour", "路线"),
    "vehicle": ("Vehicle", "Xe", "Fahrzeug", "车辆"),
    "leaves": ("Leaves", "Xuất phát", "Abfahrt", "出发"),
    "back": ("Back", "Trở về", "Rückkehr", "返回"),
    "stops": ("Stops", "Điểm dừng", "Stopps", "停靠点"),
}  # fmt: skip


class Words:
    """Words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, **values: str) -> str:
        """A word, with its gaps filled."""
        return WORDS[key][self._index].format(**values)

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number as people of the language write it; a dash for nothing."""
        if value is None:
            return "–"
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language in {"vi", "de"} else text


class Report(StrEnum):
    """What there are reports of."""

    KPIS = "kpis"
    SHIPMENTS = "shipments"
    ROUTES = "routes"


class ReportFile(StrEnum):
    """Reports by the name of their file."""

    KPIS_CSV = "kpis.csv"
    KPIS_XLSX = "kpis.xlsx"
    KPIS_PDF = "kpis.pdf"
    SHIPMENTS_CSV = "shipments.csv"
    SHIPMENTS_XLSX = "shipments.xlsx"
    ROUTES_CSV = "routes.csv"
    ROUTES_XLSX = "routes.xlsx"

    @property
    def report(self) -> Report:
        """What it is about."""
        return Report(self.value.partition(".")[0])

    @property
    def written(self) -> str:
        """How it is written: csv, xlsx or pdf."""
        return self.value.rpartition(".")[2]


def language_of(asked: str | None, accepted: str | None, offered: list[str], default: str) -> str:
    """
    The language of a report: the one asked for, else the best of ``Accept-Language`` (RFC 9110, 12.5.4) that the
    cluster offers, else the cluster's.
    """
    if asked is not None:
        return asked
    return best_of(accepted, offered, default)


__all__ = ["LANGUAGES", "Report", "ReportFile", "Words", "language_of"]
