"""
What stands on waybills and consignment notes, in four languages.

The numbered headings are those of the form that the International Road Transport Union recommends for the Convention on
the Contract for the International Carriage of Goods by Road (CMR, Geneva 1956).
"""

from cluster.dispatch.document_models import PaperLanguage

_LANGUAGES = (PaperLanguage.EN, PaperLanguage.DE, PaperLanguage.VI, PaperLanguage.ZH)
_TEXTS: dict[str, tuple[str, str, str, str]] = {
    "waybill": ("Waybill", "Frachtbrief", "Giấy vận tải", "运单"),
    "cmr": ("International consignment note (CMR)", "Internationaler Frachtbrief (CMR)",
            "Giấy gửi hàng quốc tế (CMR)", "国际公路货物运单 (CMR)"),
    "clause": (
        "This carriage is subject, notwithstanding any clause to the contrary, to the Convention on the Contract for "
        "the International Carriage of Goods by Road (CMR).",
        "Diese Beförderung unterliegt trotz einer gegenteiligen Abmachung den Bestimmungen des Übereinkommens über den "
        "Beförderungsvertrag im internationalen Straßengüterverkehr (CMR).",
        "Việc vận chuyển này tuân theo Công ước về hợp đồng vận chuyển hàng hóa quốc tế bằng đường bộ (CMR), bất kể "
        "mọi điều khoản trái ngược.",
        "无论有任何相反条款，本次运输均受《国际公路货物运输合同公约》(CMR) 约束。",
    ),
    "number": ("No.", "Nr.", "Số", "编号"),
    "reference": ("Reference", "Referenz", "Mã tham chiếu", "参考号"),
    "tour": ("Tour", "Tour", "Chuyến", "车次"),
    "vehicle": ("Vehicle", "Fahrzeug", "Xe", "车辆"),
    "driver": ("Driver", "Fahrer", "Tài xế", "司机"),
    "sender": ("Sender (name, address, country)", "Absender (Name, Anschrift, Land)",
               "Người gửi (tên, địa chỉ, nước)", "发货人（名称、地址、国家）"),
    "consignee": ("Consignee (name, address, country)", "Empfänger (Name, Anschrift, Land)",
                  "Người nhận (tên, địa chỉ, nước)", "收货人（名称、地址、国家）"),
    "delivery_place": ("Place of delivery of the goods", "Auslieferungsort des Gutes", "Nơi giao hàng", "交货地点"),
    "taking_over": ("Place and date of taking over the goods", "Ort und Tag der Übernahme des Gutes",
                    "Nơi và ngày nhận hàng để chở", "货物接管地点和日期"),
    "documents": ("Documents attached", "Beigefügte Dokumente", "Chứng từ kèm theo", "随附单据"),
    "marks": ("Marks and numbers", "Kennzeichen und Nummern", "Ký mã hiệu và số", "标记和号码"),
    "packages": ("Number of packages", "Anzahl der Packstücke", "Số kiện", "件数"),
    "packing": ("Method of packing", "Art der Verpackung", "Cách đóng gói", "包装方式"),
    "nature": ("Nature of the goods", "Bezeichnung des Gutes", "Tên hàng hóa", "货物名称"),
    "statistical": ("Statistical number", "Statistiknummer", "Mã thống kê", "统计编号"),
    "weight": ("Gross weight, kg", "Bruttogewicht, kg", "Khối lượng cả bì, kg", "毛重 (kg)"),
    "volume": ("Volume, m³", "Umfang, m³", "Thể tích, m³", "体积 (m³)"),
    "instructions": ("Sender's instructions", "Anweisungen des Absenders", "Chỉ dẫn của người gửi", "发货人指示"),
    "payment": ("Payment of carriage", "Frachtzahlung", "Thanh toán cước", "运费支付"),
    "cash": ("Cash on delivery", "Nachnahme", "Thu hộ khi giao hàng", "代收货款"),
    "carrier": ("Carrier (name, country)", "Frachtführer (Name, Land)", "Người vận chuyển (tên, nước)",
                "承运人（名称、国家）"),
    "successive": ("Successive carriers", "Nachfolgende Frachtführer", "Người vận chuyển tiếp theo", "后续承运人"),
    "reservations": ("Carrier's reservations and observations", "Vorbehalte und Bemerkungen des Frachtführers",
                     "Bảo lưu và nhận xét của người vận chuyển", "承运人的保留和意见"),
    "agreements": ("Special agreements", "Besondere Vereinbarungen", "Thỏa thuận đặc biệt", "特别约定"),
    "paid_by": ("To be paid by", "Zu zahlen vom", "Bên trả", "付款方"),
    "drawn_up": ("Drawn up at / on", "Ausgefertigt in / am", "Lập tại / ngày", "签发地点 / 日期"),
    "sign_sender": ("Signature and stamp of the sender", "Unterschrift und Stempel des Absenders",
                    "Chữ ký và dấu của người gửi", "发货人签字盖章"),
    "sign_carrier": ("Signature and stamp of the carrier", "Unterschrift und Stempel des Frachtführers",
                     "Chữ ký và dấu của người vận chuyển", "承运人签字盖章"),
    "sign_consignee": ("Goods received: place, date, signature and stamp of the consignee",
                       "Gut empfangen: Ort, Datum, Unterschrift und Stempel des Empfängers",
                       "Đã nhận hàng: nơi, ngày, chữ ký và dấu của người nhận",
                       "货物收讫：地点、日期、收货人签字盖章"),
    "prepaid": ("Carriage paid: nothing is collected for it on delivery",
                "Frei: bei Zustellung wird keine Fracht erhoben",
                "Cước đã trả: không thu cước khi giao hàng", "运费已付：交货时不收运费"),
    "hazards": ("Dangerous goods (ADR 5.4.1)", "Gefahrgut (ADR 5.4.1)", "Hàng nguy hiểm (ADR 5.4.1)",
                "危险货物 (ADR 5.4.1)"),
    "hazards_note": (
        "On the lines left open the sender writes the proper shipping name and the tunnel restriction code.",
        "Auf den offenen Linien trägt der Absender die offizielle Benennung und den Tunnelbeschränkungscode ein.",
        "Người gửi ghi tên vận chuyển chính thức và mã hạn chế đường hầm vào chỗ để trống.",
        "空白处由发货人填写正式运输名称和隧道限制代码。",
    ),
    "limited": ("limited quantity (ADR 3.4)", "begrenzte Menge (ADR 3.4)", "số lượng hạn chế (ADR 3.4)",
                "有限数量 (ADR 3.4)"),
    "total": ("Total", "Summe", "Tổng", "合计"),
    "further": ("further goods", "weitere Güter", "hàng khác", "其他货物"),
    "empty": ("No shipments are on this tour.", "Auf dieser Tour ist keine Sendung.",
              "Chuyến này không có lô hàng nào.",
             "本车次没有货物。"),
    "box": ("box", "Karton", "thùng", "箱"),
    "pallet": ("pallet", "Palette", "pallet", "托盘"),
    "rack": ("rack", "Gestell", "kệ", "货架"),
    "tube": ("tube", "Rolle", "ống", "筒"),
    "bag": ("bag", "Sack", "bao", "袋"),
}  # fmt: skip
WAYBILL_WORDS: dict[PaperLanguage, dict[str, str]] = {
    language: {key: texts[place] for key, texts in _TEXTS.items()} for place, language in enumerate(_LANGUAGES)
}
