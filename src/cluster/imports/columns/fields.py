"""
Which columns there are: one table for each kind of file, with titles in four languages and what else they are called.

Of a field, ``name`` stays as it is for ever: exported files carry it, saved mappings refer to it.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from cluster.imports.columns.words import (
    INCOTERM_WORDS,
    INSPECTION_WORDS,
    KIND_WORDS,
    LEVEL_WORDS,
    ON_TOP_WORDS,
    PACKING_GROUP_WORDS,
    POOLING_WORDS,
    ROTATION_WORDS,
    SERVICE_WORDS,
    TEMPERATURE_WORDS,
)

LANGUAGES = ("en", "vi", "de", "zh")


class Says(StrEnum):
    """What the cells of a column say."""

    TEXT = "text"
    WEIGHT = "weight"
    LENGTH = "length"
    DURATION = "duration"
    WHOLE = "whole"
    DEGREES = "degrees"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"


SMALLEST = {Says.WEIGHT: "g", Says.LENGTH: "mm", Says.DURATION: "s"}
"""In which what has a unit is kept."""


class Field(Struct, frozen=True, kw_only=True):
    """
    A column that files may have.

    Attributes
    ----------
    path
        Where its value goes in what is booked or stored; empty for what is looked up first.
    is_of_unit
        Whether each line has its own: what is of the whole shipment must agree in all its lines.
    titles
        In the order of ``LANGUAGES``.
    also
        Further names, as ``headers.plain`` makes them.
    words
        Of a choice: its values with what people write for each, in any language.
    unit
        In which templates ask for it; exported files use the smallest.
    """

    name: str
    says: Says
    path: tuple[str, ...] = ()
    is_of_unit: bool = False
    titles: tuple[str, str, str, str]
    also: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = {}
    unit: str | None = None
    example: str = ""

    def title(self, language: str) -> str:
        """In one of ``LANGUAGES``, with the unit."""
        shown = self.titles[LANGUAGES.index(language)]
        return f"{shown} ({self.unit})" if self.unit else shown

    @property
    def column(self) -> str:
        """In exported files: the name, and the smallest unit where there is one."""
        return f"{self.name}_{SMALLEST[self.says]}" if self.says in SMALLEST else self.name


def _end(end: str, titles: tuple[str, str, str, str], names: tuple[str, ...]) -> tuple[Field, ...]:
    """The columns of a pickup or delivery: what is called so in each language, and further words for the person."""

    def titled(en: str, vi: str, de: str, zh: str) -> tuple[str, str, str, str]:
        return f"{titles[0]} {en}", f"{titles[1]}: {vi}", f"{titles[2]}: {de}", f"{titles[3]}{zh}"

    def also(*words: str) -> tuple[str, ...]:
        return tuple(f"{name} {word}" for name in names for word in words)

    is_delivery = end == "delivery"
    return (
        Field(name=f"{end}_site_code", says=Says.TEXT,
              titles=titled("site code", "mã điểm", "Standortcode", "站点代码"),
              also=also("site", "code", "location code"), example="SHOP-3" if is_delivery else ""),
        Field(name=f"{end}_name", says=Says.TEXT, path=(end, "name"), titles=titled("name", "tên", "Name", "名称"),
              also=(*also("name", "company"), *names), example="Corner shop" if is_delivery else ""),
        Field(name=f"{end}_address_line1", says=Says.TEXT, path=(end, "address_line1"),
              titles=titled("address", "địa chỉ", "Adresse", "地址"),
              also=also("address", "address line1", "address line 1", "street", "dia chi", "adresse", "strasse",
              "anschrift", "地址"),
              example="12 River Street" if is_delivery else ""),
        Field(name=f"{end}_lat", says=Says.DEGREES, path=(end, "lat"), titles=titled("latitude", "vĩ độ", "Breite",
              "纬度"),
              also=also("lat", "latitude"), example="10.81" if is_delivery else ""),
        Field(name=f"{end}_lon", says=Says.DEGREES, path=(end, "lon"), titles=titled("longitude", "kinh độ", "Länge",
              "经度"),
              also=also("lon", "lng", "longitude"), example="106.65" if is_delivery else ""),
        Field(name=f"{end}_window_start", says=Says.MOMENT, path=(end, "window_start"),
              titles=titled("from", "từ giờ", "ab", "最早时间"), also=also("window start", "time from", "earliest"),
              example="08:00" if is_delivery else ""),
        Field(name=f"{end}_window_end", says=Says.MOMENT, path=(end, "window_end"),
              titles=titled("until", "đến giờ", "bis", "最晚时间"), also=also("window end", "time to", "latest"),
              example="12:00" if is_delivery else ""),
        Field(name=f"{end}_service", says=Says.DURATION, path=(end, "service_s"), unit="min",
              titles=titled("time at the stop", "thời gian dỡ hàng", "Standzeit", "停留时间"),
              also=also("service", "service time"), example=""),
        *_end_more(end, titles, names),
    )  # fmt: skip


def _end_more(end: str, titles: tuple[str, str, str, str], names: tuple[str, ...]) -> tuple[Field, ...]:
    """The columns of a pickup or delivery that most files do not have: the rest of the address, and the person."""

    def titled(en: str, vi: str, de: str, zh: str) -> tuple[str, str, str, str]:
        return f"{titles[0]} {en}", f"{titles[1]}: {vi}", f"{titles[2]}: {de}", f"{titles[3]}{zh}"

    def also(*words: str) -> tuple[str, ...]:
        return tuple(f"{name} {word}" for name in names for word in words)

    return (
        Field(name=f"{end}_address_line2", says=Says.TEXT, path=(end, "address_line2"),
              titles=titled("address, more", "địa chỉ bổ sung", "Adresszusatz", "地址补充"),
              also=also("address 2", "address line 2", "address line2")),
        Field(name=f"{end}_locality", says=Says.TEXT, path=(end, "locality"),
              titles=titled("town", "quận huyện", "Ort", "城市"), also=also("city", "locality", "town", "stadt")),
        Field(name=f"{end}_province_code", says=Says.TEXT, path=(end, "province_code"),
              titles=titled("province code", "mã tỉnh", "Bundesland", "省代码"), also=also("province", "state")),
        Field(name=f"{end}_ward_code", says=Says.TEXT, path=(end, "ward_code"),
              titles=titled("ward code", "mã phường xã", "Gemeindeschlüssel", "街道代码"), also=also("ward",)),
        Field(name=f"{end}_postal_code", says=Says.TEXT, path=(end, "postal_code"),
              titles=titled("postal code", "mã bưu chính", "Postleitzahl", "邮编"),
              also=also("postcode", "zip", "zip code", "plz")),
        Field(name=f"{end}_country_code", says=Says.TEXT, path=(end, "country_code"),
              titles=titled("country", "quốc gia", "Land", "国家"), also=also("country code",)),
        Field(name=f"{end}_instructions", says=Says.TEXT, path=(end, "instructions"),
              titles=titled("instructions", "ghi chú", "Hinweise", "备注"), also=also("notes", "note", "remarks")),
        Field(name=f"{end}_contact_name", says=Says.TEXT, path=(end, "contact_name"),
              titles=titled("contact", "người liên hệ", "Ansprechpartner", "联系人"),
              also=also("contact name", "person")),
        Field(name=f"{end}_phone", says=Says.TEXT, path=(end, "phone"),
              titles=titled("phone", "điện thoại", "Telefon", "电话"), also=also("phone number", "tel", "mobile")),
        Field(name=f"{end}_email", says=Says.TEXT, path=(end, "email"),
              titles=titled("e-mail", "email", "E-Mail", "邮箱"), also=also("mail",)),
    )  # fmt: skip


def _size(is_of_unit: bool, prefix: str = "") -> tuple[Field, ...]:
    """Weight and edges."""
    where = ("{unit}",) if is_of_unit else ()
    return (
        Field(name="weight", says=Says.WEIGHT, path=(*where, "weight_g"), is_of_unit=is_of_unit, unit="kg",
              titles=("Weight", "Khối lượng", "Gewicht", "重量"), example="12.5",
              also=("gross weight", "unit weight", "mass", "trong luong", "can nang",
                    "bruttogewicht", "毛重", "单件重量")),
        Field(name="length", says=Says.LENGTH, path=(*where, f"{prefix}length_mm"), is_of_unit=is_of_unit, unit="cm",
              titles=("Length", "Dài", "Länge", "长"), example="60", also=("l", "chieu dai", "长度")),
        Field(name="width", says=Says.LENGTH, path=(*where, f"{prefix}width_mm"), is_of_unit=is_of_unit, unit="cm",
              titles=("Width", "Rộng", "Breite", "宽"), example="40", also=("w", "chieu rong", "宽度")),
        Field(name="height", says=Says.LENGTH, path=(*where, f"{prefix}height_mm"), is_of_unit=is_of_unit, unit="cm",
              titles=("Height", "Cao", "Höhe", "高"), example="40", also=("h", "chieu cao", "hohe", "高度")),
    )  # fmt: skip


SHIPMENT_FIELDS: tuple[Field, ...] = (
    Field(name="client_ref", says=Says.TEXT, path=("client_ref",), example="ORDER-1001",
          titles=("Your reference", "Mã đơn hàng", "Ihre Referenz", "订单号"),
          also=("reference", "ref", "order", "order id", "order number", "order no", "order ref", "ma don",
          "so don hang",
                "ma van don", "bestellnummer", "auftragsnummer", "referenz", "auftrag", "订单编号", "参考号", "单号")),
    Field(name="service", says=Says.CHOICE, path=("service",), words=SERVICE_WORDS, example="delivery",
          titles=("Service", "Dịch vụ", "Leistung", "服务"), also=("service type", "loai dich vu", "服务类型")),
    Field(name="service_date", says=Says.DAY, titles=("Service day", "Ngày giao", "Liefertag", "服务日期"),
          also=("date", "delivery date", "day", "ngay", "lieferdatum", "datum", "日期", "配送日期")),
    Field(name="pool_window_id", says=Says.TEXT, path=("pool_window_id",),
          titles=("Pool window", "Đợt gom hàng", "Sammelfenster", "拼车窗口")),
    Field(name="hub_site_code", says=Says.TEXT, titles=("Hub", "Kho trung chuyển", "Umschlagpunkt", "枢纽"),
          also=("hub code",)),
    *_end("delivery", ("Delivery", "Giao hàng", "Zustellung", "收货"),
          ("delivery", "recipient", "consignee", "customer", "receiver", "ship to", "to", "nguoi nhan", "giao hang",
           "empfanger", "lieferung", "kunde", "收货", "收件人", "收货人")),
    *_end("pickup", ("Pickup", "Lấy hàng", "Abholung", "取货"),
          ("pickup", "sender", "shipper", "ship from", "from", "nguoi gui", "lay hang", "absender", "abholung", "发货",
           "寄件人", "发货人")),
    Field(name="kind", says=Says.CHOICE, path=("{unit}", "kind"), is_of_unit=True, words=KIND_WORDS, example="box",
          titles=("Packing", "Loại kiện", "Verpackung", "包装"),
          also=("kind", "unit kind", "package type", "packaging", "packaging type", "type", "dong goi",
          "verpackungsart", "包装类型")),
    Field(name="units", says=Says.WHOLE, path=("{unit}", "units"), is_of_unit=True, example="2",
          titles=("Quantity", "Số kiện", "Anzahl", "件数"),
          also=("units", "qty", "pieces", "pcs", "colli", "so luong", "menge", "stuck", "数量", "箱数")),
    *_size(is_of_unit=True),
    Field(name="rotations", says=Says.CHOICE, path=("{unit}", "rotations"), is_of_unit=True, words=ROTATION_WORDS,
          titles=("May stand", "Chiều đặt", "Lage", "摆放方向"), also=("rotations", "orientation")),
    Field(name="on_top", says=Says.CHOICE, path=("{unit}", "on_top"), is_of_unit=True, words=ON_TOP_WORDS,
          titles=("On top of it", "Xếp lên trên", "Darauf", "可堆叠性"),
          also=("on top", "stackable", "stapelbar", "堆叠")),
    Field(name="bearing_max", says=Says.WEIGHT, path=("{unit}", "bearing_max_g"), is_of_unit=True, unit="kg",
          titles=("Bears", "Chịu tải", "Traglast", "承重"), also=("bearing max", "max load on top")),
    Field(name="sscc", says=Says.TEXT, path=("{unit}", "sscc"), is_of_unit=True, titles=("SSCC",) * 4, also=("nve",)),
    Field(name="sku", says=Says.TEXT, is_of_unit=True, titles=("SKU", "Mã hàng", "Artikelnummer", "货号"),
          also=("item", "article", "product code", "item code", "seller sku", "ma san pham", "artikel", "商品编码")),
    Field(name="outside", says=Says.MONEY, path=("outside_minor",),
          titles=("Outside option", "Giá ngoài", "Preis außerhalb", "外部价格"), also=("outside price", "outside")),
    Field(name="outside_tariff", says=Says.TEXT, path=("outside_tariff",),
          titles=("Outside tariff", "Biểu giá ngoài", "Tarif außerhalb", "外部价目"), also=("tariff",)),
    Field(name="service_level", says=Says.CHOICE, path=("service_level",), words=LEVEL_WORDS,
          titles=("Urgency", "Mức độ gấp", "Dringlichkeit", "时效"), also=("service level", "priority")),
    Field(name="pooling", says=Says.CHOICE, path=("pooling",), words=POOLING_WORDS,
          titles=("Pooling", "Gom chung", "Bündelung", "是否拼车"), also=("pool",)),
    Field(name="temperature_class", says=Says.CHOICE, path=("temperature_class",), words=TEMPERATURE_WORDS,
          titles=("Temperature", "Nhiệt độ", "Temperatur", "温度"), also=("temperature class",)),
    Field(name="food", says=Says.FLAG, path=("food",), titles=("Food", "Thực phẩm", "Lebensmittel", "食品")),
    Field(name="declared", says=Says.MONEY, path=("declared_minor",),
          also=("declared value", "insurance value", "value"),
          titles=("Declared value", "Giá trị khai báo", "Warenwert", "申报价值")),
    Field(name="cod", says=Says.MONEY, path=("cod_minor",), also=("cod amount", "cash on delivery", "thu ho"),
          titles=("Cash on delivery", "Thu hộ COD", "Nachnahme", "代收货款")),
    Field(name="inspection", says=Says.CHOICE, path=("inspection",), words=INSPECTION_WORDS,
          titles=("Inspection", "Cho xem hàng", "Ansicht", "验货"), also=("required note",)),
    Field(name="incoterm", says=Says.CHOICE, path=("incoterm",), words=INCOTERM_WORDS, titles=("Incoterm",) * 4),
    Field(name="po_numbers", says=Says.LIST, path=("po_numbers",), also=("po number", "purchase order"),
          titles=("Purchase orders", "Số đơn mua", "Bestellnummern des Kunden", "采购单号")),
    Field(name="hs_code", says=Says.TEXT, path=("{unit}", "hs_code"), is_of_unit=True, also=("tariff number",),
          titles=("HS code", "Mã HS", "Zolltarifnummer", "海关编码")),
    Field(name="un_number", says=Says.TEXT, path=("{unit}", "dangerous_goods", "un_number"), is_of_unit=True,
          titles=("UN number", "Số UN", "UN-Nummer", "联合国编号"), also=("un no", "un")),
    Field(name="hazard_class", says=Says.TEXT, path=("{unit}", "dangerous_goods", "hazard_class"), is_of_unit=True,
          titles=("Hazard class", "Loại nguy hiểm", "Gefahrklasse", "危险类别")),
    Field(name="hazard_labels", says=Says.LIST, path=("{unit}", "dangerous_goods", "labels"), is_of_unit=True,
          titles=("Danger labels", "Nhãn nguy hiểm", "Gefahrzettel", "危险标签")),
    Field(name="packing_group", says=Says.CHOICE, path=("{unit}", "dangerous_goods", "packing_group"), is_of_unit=True,
          titles=("Packing group", "Nhóm đóng gói", "Verpackungsgruppe", "包装类别"), words=PACKING_GROUP_WORDS),
    Field(name="limited_quantity", says=Says.FLAG, path=("{unit}", "dangerous_goods", "limited_quantity"),
          is_of_unit=True, titles=("Limited quantity", "Số lượng hạn chế", "Begrenzte Menge", "限量")),
    Field(name="skills", says=Says.LIST, path=("skills",), titles=("Requires", "Yêu cầu xe", "Erfordert", "车辆要求"),
          also=("skills", "requirements")),
)  # fmt: skip
PRODUCT_FIELDS: tuple[Field, ...] = (
    Field(name="sku", says=Says.TEXT, path=("sku",), titles=("SKU", "Mã hàng", "Artikelnummer", "货号"),
          example="TEA-100",
          also=("item", "article", "product code", "item code", "ma san pham", "artikel", "商品编码")),
    Field(name="name", says=Says.TEXT, path=("name",), titles=("Name", "Tên hàng", "Bezeichnung", "品名"),
          also=("product", "product name", "title", "description", "ten san pham", "artikelname", "名称"),
          example="Tea, 100 g"),
    *_size(is_of_unit=False),
    Field(name="rotations", says=Says.CHOICE, path=("rotations",), words=ROTATION_WORDS,
          titles=("May stand", "Chiều đặt", "Lage", "摆放方向"), also=("rotations", "orientation"), example="any_way"),
    Field(name="on_top", says=Says.CHOICE, path=("on_top",), words=ON_TOP_WORDS,
          titles=("On top of it", "Xếp lên trên", "Darauf", "可堆叠性"),
          also=("on top", "stackable", "stapelbar", "堆叠")),
    Field(name="bearing_max", says=Says.WEIGHT, path=("bearing_max_g",), unit="kg",
          titles=("Bears", "Chịu tải", "Traglast", "承重"), also=("bearing max",)),
    Field(name="hs_code", says=Says.TEXT, path=("hs_code",), titles=("HS code", "Mã HS", "Zolltarifnummer", "海关编码"),
          also=("tariff number", "commodity code")),
    Field(name="temperature_class", says=Says.CHOICE, path=("temperature_class",), words=TEMPERATURE_WORDS,
          titles=("Temperature", "Nhiệt độ", "Temperatur", "温度"), also=("temperature class",)),
    Field(name="dangerous", says=Says.FLAG, path=("dangerous",), also=("dangerous goods", "hazmat", "dg"),
          titles=("Dangerous goods", "Hàng nguy hiểm", "Gefahrgut", "危险品")),
)  # fmt: skip
CARTON_FIELDS: tuple[Field, ...] = (
    Field(name="code", says=Says.TEXT, path=("code",), titles=("Code", "Mã thùng", "Code", "箱型代码"), example="BOX-M",
          also=("carton", "box", "name", "karton")),
    Field(name="inner_length", says=Says.LENGTH, path=("inner_length_mm",), unit="cm", example="40",
          titles=("Inner length", "Dài trong", "Innenlänge", "内长"), also=("length", "lange", "dai", "长")),
    Field(name="inner_width", says=Says.LENGTH, path=("inner_width_mm",), unit="cm", example="30",
          titles=("Inner width", "Rộng trong", "Innenbreite", "内宽"), also=("width", "breite", "rong", "宽")),
    Field(name="inner_height", says=Says.LENGTH, path=("inner_height_mm",), unit="cm", example="30",
          titles=("Inner height", "Cao trong", "Innenhöhe", "内高"), also=("height", "hohe", "cao", "高")),
    Field(name="wall", says=Says.LENGTH, path=("wall_mm",), unit="mm", example="4",
          titles=("Wall", "Thành thùng", "Wandstärke", "壁厚"), also=("wall thickness",)),
    Field(name="tare", says=Says.WEIGHT, path=("tare_g",), unit="g", example="350",
          titles=("Empty weight", "Khối lượng thùng", "Leergewicht", "自重"), also=("tare",)),
    Field(name="weight_max", says=Says.WEIGHT, path=("weight_max_g",), unit="kg", example="20",
          titles=("Holds at most", "Chứa tối đa", "Füllgewicht höchstens", "最大载重"), also=("weight max",
          "max weight")),
    Field(name="bearing_max", says=Says.WEIGHT, path=("bearing_max_g",), unit="kg",
          titles=("Bears", "Chịu tải", "Traglast", "承重"), also=("bearing max",)),
    Field(name="cost", says=Says.MONEY, path=("cost_minor",), titles=("Cost", "Giá thùng", "Kosten", "成本"),
          also=("price",)),
)  # fmt: skip
FIELDS = {"shipments": SHIPMENT_FIELDS, "products": PRODUCT_FIELDS, "cartons": CARTON_FIELDS}
"""By kind of file."""


def field(kind: str, name: str) -> Field | None:
    """The field of a kind of file with this name."""
    return next((entry for entry in FIELDS[kind] if entry.name == name), None)
