"""What stands on papers, in four languages."""

from cluster.dispatch.document_models import PaperLanguage

_KEYS = ("manifest", "loading_plan", "tour", "vehicle", "driver", "date", "departure", "stops", "stop", "time",
         "window",
         "consignee", "goods", "weight", "pickup", "delivery", "reference", "signature", "notes", "cash", "phone",
         "page",
         "total", "from", "order", "unit", "place", "rear", "front", "no_hold", "left", "right",
         "distance")  # fmt: skip
_TEXTS = {
    PaperLanguage.EN: (
        "Manifest", "Loading plan", "Tour", "Vehicle", "Driver", "Date", "Departure", "Stops", "Stop", "Time",
        "Window",
        "Consignee", "Goods", "Weight", "Pickup", "Delivery", "Reference", "Signature", "Notes", "Cash to collect",
        "Phone", "Page", "Total", "From", "Load in this order", "Unit", "Place (from front / left / floor)", "Rear",
        "Front", "This vehicle has no described hold: load the last stop first.", "left", "right", "Distance",
    ),
    PaperLanguage.DE: (
        "Ladeliste", "Ladeplan", "Tour", "Fahrzeug", "Fahrer", "Datum", "Abfahrt", "Stopps", "Stopp", "Zeit",
        "Zeitfenster", "Empfänger", "Ware", "Gewicht", "Abholung", "Zustellung", "Referenz", "Unterschrift",
        "Hinweise", "Nachnahme", "Telefon", "Seite", "Summe", "Von", "In dieser Reihenfolge laden", "Packstück",
        "Platz (von vorn / links / Boden)", "Heck", "Front",
        "Für dieses Fahrzeug ist kein Laderaum beschrieben: den letzten Stopp zuerst laden.", "links", "rechts",
        "Strecke",
    ),
    PaperLanguage.VI: (
        "Bảng kê hàng", "Sơ đồ xếp hàng", "Chuyến", "Xe", "Tài xế", "Ngày", "Khởi hành", "Số điểm dừng", "Điểm dừng",
        "Giờ", "Khung giờ", "Người nhận", "Hàng hóa", "Khối lượng", "Lấy hàng", "Giao hàng", "Mã tham chiếu",
        "Chữ ký",
        "Ghi chú", "Thu hộ", "Điện thoại", "Trang", "Tổng", "Từ", "Xếp theo thứ tự này", "Kiện",
        "Vị trí (từ đầu xe / bên trái / sàn)", "Cửa sau", "Đầu xe",
        "Xe này chưa khai báo thùng hàng: xếp điểm dừng cuối vào trước.", "trái", "phải", "Quãng đường",
    ),
    PaperLanguage.ZH: (
        "装运清单", "装载图", "车次", "车辆", "司机", "日期", "出发", "停靠点数", "停靠点", "时间", "时间窗",
        "收货人", "货物",
        "重量", "取货", "送货", "参考号", "签名", "备注", "代收货款", "电话", "页", "合计", "发货人", "按此顺序装车",
        "货件",
        "位置（距前壁 / 左壁 / 地板）", "后门", "车头", "该车未描述货厢：最后一站的货物先装。", "左", "右", "里程",
    ),
}  # fmt: skip
WORDS: dict[PaperLanguage, dict[str, str]] = {
    language: dict(zip(_KEYS, texts, strict=True)) for language, texts in _TEXTS.items()
}
