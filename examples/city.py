"""Where people live and shop in Ho Chi Minh City, as far as an example needs to know: circles that stay on dry land."""

from typing import NamedTuple


class District(NamedTuple):
    """
    A circle inside one district.

    ``weight`` is how often a consignee is found there, relative to the others; ``streets`` are real streets of it.
    """

    code: str
    name: str
    lat: float
    lon: float
    radius_m: int
    weight: int
    streets: tuple[str, ...]


DISTRICTS = (
    District("q1", "Quận 1", 10.7735, 106.6945, 850, 14, ("Lê Thị Riêng", "Nguyễn Trãi", "Lý Tự Trọng")),
    District("q3", "Quận 3", 10.7825, 106.6840, 850, 13, ("Lê Văn Sỹ", "Võ Văn Tần", "Nguyễn Đình Chiểu", "Kỳ Đồng")),
    District("q4", "Quận 4", 10.7595, 106.7035, 500, 4, ("Khánh Hội", "Hoàng Diệu", "Vĩnh Khánh")),
    District("q5", "Quận 5", 10.7560, 106.6665, 700, 9, ("An Dương Vương", "Nguyễn Trãi", "Trần Phú")),
    District("q6", "Quận 6", 10.7475, 106.6345, 800, 5, ("Hậu Giang", "Bình Phú", "Kinh Dương Vương")),
    District("q7", "Quận 7", 10.7355, 106.7150, 900, 9, ("Nguyễn Thị Thập", "Lâm Văn Bền", "Huỳnh Tấn Phát")),
    District("q8", "Quận 8", 10.7385, 106.6640, 450, 3, ("Phạm Thế Hiển", "Dương Bá Trạc")),
    District("q10", "Quận 10", 10.7725, 106.6680, 850, 9, ("Sư Vạn Hạnh", "Ba Tháng Hai", "Tô Hiến Thành")),
    District("q11", "Quận 11", 10.7640, 106.6480, 750, 5, ("Lạc Long Quân", "Minh Phụng", "Ông Ích Khiêm")),
    District("q12", "Quận 12", 10.8640, 106.6430, 1500, 4, ("Tô Ký", "Nguyễn Ảnh Thủ", "Lê Văn Khương")),
    District("bthanh", "Bình Thạnh", 10.8035, 106.7000, 850, 9, ("Phan Văn Trị", "Bạch Đằng", "Nơ Trang Long")),
    District("pnhuan", "Phú Nhuận", 10.7985, 106.6800, 750, 8, ("Phan Xích Long", "Huỳnh Văn Bánh", "Lê Văn Sỹ")),
    District("tbinh", "Tân Bình", 10.7945, 106.6485, 900, 9, ("Cách Mạng Tháng Tám", "Lý Thường Kiệt", "Bàu Cát")),
    District("tphu", "Tân Phú", 10.7905, 106.6280, 1200, 8, ("Tân Sơn Nhì", "Luỹ Bán Bích", "Gò Dầu")),
    District("gvap", "Gò Vấp", 10.8390, 106.6680, 1200, 9, ("Quang Trung", "Phan Huy Ích", "Lê Đức Thọ")),
    District("btan", "Bình Tân", 10.7650, 106.6050, 1500, 6, ("Tên Lửa", "Lê Văn Quới", "Mã Lò")),
    District("tdien", "Thảo Điền", 10.8030, 106.7380, 500, 5, ("Xuân Thuỷ", "Quốc Hương", "Thảo Điền")),
    District("tduc", "Thủ Đức", 10.8500, 106.7590, 1300, 7, ("Võ Văn Ngân", "Kha Vạn Cân", "Đặng Văn Bi")),
    District("hphu", "Hiệp Phú", 10.8450, 106.7790, 900, 4, ("Lê Văn Việt", "Đình Phong Phú")),
)
"""Centres and radii set by hand so that no circle reaches a river, a canal or the airport."""


class Member(NamedTuple):
    """
    One invented fashion business.

    ``goods`` says what it ships (a key of ``generate.GOODS``), ``shipments`` how many it books for the day.
    """

    code: str
    prefix: str
    name: str
    district: str
    goods: str
    shipments: int


MEMBERS = (
    Member("lotus-thread", "LT", "Lotus Thread", "tphu", "garments", 16),
    Member("bamboo-stitch", "BS", "Bamboo Stitch", "gvap", "garments", 14),
    Member("indigo-sampan", "IS", "Indigo Sampan", "tbinh", "garments", 13),
    Member("monsoon-knit", "MK", "Monsoon Knit", "btan", "bulk", 12),
    Member("paper-kite-kids", "PK", "Paper Kite Kids", "q11", "parcels", 12),
    Member("rice-moon-basics", "RM", "Rice Moon Basics", "q12", "bulk", 11),
    Member("silk-ferry", "SF", "Silk Ferry", "q5", "racks", 11),
    Member("betel-leaf-bags", "BL", "Betel Leaf Bags", "q6", "parcels", 10),
    Member("jackfruit-denim", "JD", "Jackfruit Denim", "tphu", "garments", 10),
    Member("frangipani-lace", "FL", "Frangipani Lace", "pnhuan", "racks", 10),
    Member("tiny-lantern", "TL", "Tiny Lantern", "bthanh", "parcels", 9),
    Member("copper-needle", "CN", "Copper Needle", "tbinh", "racks", 9),
    Member("lime-and-loom", "LL", "Lime & Loom", "tduc", "garments", 8),
    Member("peacock-alley", "PA", "Peacock Alley", "q10", "parcels", 8),
    Member("ao-may-studio", "AM", "Áo Mây Studio", "q3", "racks", 7),
)

SHOP_KINDS = ("Boutique", "Shop", "Tiệm", "Showroom", "Studio", "Corner")
SHOP_WORDS = (
    "Bằng Lăng", "Cỏ May", "Đồi Gió", "Giọt Nắng", "Hạt Mưa", "Hoa Sứ", "Khế Ngọt", "Lá Me", "Lụa Trăng", "Mành Tre",
    "Diều Giấy", "Mây Hồng", "Mực Tím", "Nắng Mai", "Nhành Trúc", "Ô Cửa", "Phố Cũ", "Quạt Giấy", "Sao Hôm", "Sóng Lúa",
    "Sương Sớm", "Tơ Chiều", "Trăng Non", "Vạt Nắng", "Vườn Cau", "Xứ Mưa", "Yếm Đào", "Gạo Nếp",
    "Chim Sẻ", "Bến Thuyền",
)  # fmt: skip
"""Invented shop names are a kind and two words; the district keeps them apart."""
