"""What people write where there is a choice: our values with other words for each, in any of four languages."""

KIND_WORDS = {
    "box": ("carton", "parcel", "package", "thung", "hop", "kien", "kiste", "karton", "paket", "箱", "纸箱", "包裹"),
    "pallet": ("pal", "skid", "palette", "euro pallet", "europalette", "托盘", "栈板"),
    "rack": ("trolley", "gia", "gestell", "rollwagen", "货架", "笼车"),
    "tube": ("roll", "ong", "rohr", "rolle", "管", "卷"),
    "bag": ("sack", "tui", "bao", "beutel", "sack", "袋"),
}
SERVICE_WORDS = {
    "delivery": ("giao hang", "giao", "lieferung", "zustellung", "配送", "送货"),
    "collection": ("pickup", "lay hang", "abholung", "揽收", "取货"),
    "transport": ("a to b", "van chuyen", "transport", "运输"),
}
ROTATION_WORDS = {
    "upright": ("this side up", "dung", "aufrecht", "向上", "直立"),
    "any_way": ("any", "moi chieu", "beliebig", "任意"),
}
ON_TOP_WORDS = {
    "anything": ("stackable", "yes", "xep chong", "stapelbar", "可堆叠"),
    "fragile": ("de vo", "zerbrechlich", "易碎"),
    "nothing": ("no", "not stackable", "khong xep chong", "nicht stapelbar", "不可堆叠"),
}
TEMPERATURE_WORDS = {
    "ambient": ("dry", "normal", "thuong", "trocken", "常温"),
    "controlled": ("cool room", "kiem soat", "temperiert", "控温"),
    "chilled": ("cool", "mat", "gekuhlt", "冷藏"),
    "frozen": ("dong lanh", "tiefgekuhlt", "冷冻"),
}
LEVEL_WORDS = {
    "standard": ("normal", "tieu chuan", "标准"),
    "express": ("urgent", "hoa toc", "eilig", "加急"),
    "economy": ("tiet kiem", "sparsam", "经济"),
}
POOLING_WORDS = {
    "pool": ("pooled", "gom", "gemeinsam", "拼车"),
    "alone": ("not pooled", "rieng", "allein", "单独"),
    "either": ("any", "ca hai", "beides", "均可"),
}
INSPECTION_WORDS = {
    "no_look": ("khongchoxemhang", "khong cho xem hang", "keine ansicht", "不可查看"),
    "look": ("choxemhangkhongthu", "cho xem hang khong thu", "ansehen", "可查看"),
    "try_on": ("chothuhang", "cho thu hang", "anprobieren", "可试用"),
}
INCOTERM_WORDS: dict[str, tuple[str, ...]] = dict.fromkeys(("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP"), ())
PACKING_GROUP_WORDS = {"I": ("1",), "II": ("2",), "III": ("3",)}
