"""
What refusals are called in the languages of the platform: titles, kinds of things, and details that are always the
same.

Codes are what programs rely on; these are for whoever reads. What has no words here is told in English, and
``Content-Language`` says so.
"""

import re
from typing import NamedTuple

from cluster.base.errors import NOUNS, FieldFault
from cluster.base.languages import LANGUAGES

TRANSLATED = LANGUAGES[1:]
TITLES = {
    "Something went wrong here": ("Có lỗi xảy ra ở đây", "Hier ist etwas schiefgegangen", "这里出了问题"),
    "Not found": ("Không tìm thấy", "Nicht gefunden", "未找到"),
    "The request has faults": ("Yêu cầu có lỗi", "Die Anfrage hat Fehler", "请求有错误"),
    "The request cannot be read": ("Không đọc được yêu cầu", "Die Anfrage ist nicht lesbar", "无法读取请求"),
    "The body is not said to be JSON": (
        *("Nội dung không được khai báo là JSON", "Der Inhalt ist nicht als JSON ausgewiesen", "内容未声明为 JSON"),
    ),
    "The body is packed": ("Nội dung bị nén", "Der Inhalt ist gepackt", "内容被压缩"),
    "Sign in first": ("Hãy đăng nhập trước", "Bitte zuerst anmelden", "请先登录"),
    "Not allowed": ("Không được phép", "Nicht erlaubt", "不允许"),
    "Set up a second factor first": (
        *("Hãy thiết lập yếu tố thứ hai trước", "Richten Sie zuerst einen zweiten Faktor ein", "请先设置第二因素"),
    ),
    "Prove again who you are": ("Hãy xác minh lại danh tính", "Weisen Sie sich noch einmal aus", "请再次验证您的身份"),
    "Too many tries": ("Quá nhiều lần thử", "Zu viele Versuche", "尝试次数过多"),
    "Not possible in this state": (
        *("Không thể trong trạng thái này", "In diesem Zustand nicht möglich", "当前状态下无法执行"),
    ),
    "Try again in a moment": ("Hãy thử lại sau giây lát", "Bitte gleich noch einmal versuchen", "请稍后重试"),
    "The draft breaks something": (
        *("Bản nháp vi phạm điều kiện", "Der Entwurf verletzt etwas", "草案违反了某些条件"),
    ),
    "Changed meanwhile": ("Đã bị thay đổi trong lúc đó", "Inzwischen geändert", "期间已被更改"),
    "Say which version you change": (
        *("Hãy cho biết bạn sửa phiên bản nào", "Sagen Sie, welche Fassung Sie ändern", "请说明您更改的是哪个版本"),
    ),
    "The sign-in provider does not answer": (
        *("Nhà cung cấp đăng nhập không trả lời", "Der Anmeldedienst antwortet nicht", "登录服务提供方没有响应"),
    ),
    "Method Not Allowed": ("Phương thức không được phép", "Methode nicht erlaubt", "不允许使用此方法"),
    "Request Entity Too Large": ("Nội dung quá lớn", "Der Inhalt ist zu groß", "内容过大"),
    "Bad Request": ("Yêu cầu không hợp lệ", "Fehlerhafte Anfrage", "请求无效"),
}
"""Titles in English, and what they are in ``TRANSLATED``, in that order."""

KINDS = {
    "plg": ("mục nhật ký kế hoạch", "Eintrag im Planprotokoll", "计划日志条目"),
    "clu": ("cụm", "Cluster", "集群"),
    "mem": ("thành viên", "Mitglied", "成员"),
    "key": ("khóa API", "API-Schlüssel", "API 密钥"),
    "inv": ("lời mời", "Einladung", "邀请"),
    "apl": ("đơn xin gia nhập", "Bewerbung", "申请"),
    "agr": ("thỏa thuận", "Vereinbarung", "协议"),
    "acc": ("sự chấp thuận", "Zustimmung", "接受记录"),
    "ctc": ("người liên hệ", "Ansprechpartner", "联系人"),
    "evd": ("bằng chứng quy mô", "Größennachweis", "规模证明"),
    "cns": ("sự đồng ý", "Einwilligung", "同意"),
    "arc": ("bản lưu trữ", "Archiv", "归档"),
    "ers": ("việc xóa dữ liệu", "Löschung", "删除"),
    "usr": ("người dùng", "Benutzer", "用户"),
    "ses": ("phiên", "Sitzung", "会话"),
    "uin": ("lời mời người dùng", "Einladung einer Person", "人员邀请"),
    "pky": ("khóa truy cập", "Passkey", "通行密钥"),
    "sit": ("địa điểm", "Standort", "地点"),
    "adr": ("địa chỉ", "Adresse", "地址"),
    "vht": ("loại xe", "Fahrzeugtyp", "车型"),
    "car": ("nhà vận chuyển", "Frachtführer", "承运商"),
    "cpp": ("giấy tờ của nhà vận chuyển", "Papier eines Frachtführers", "承运商证件"),
    "tnd": ("lời mời thầu", "Ausschreibung", "招标"),
    "ofr": ("lời chào", "Angebot", "要约"),
    "amd": ("sửa đổi chuyến xe", "Änderung einer Tour", "车次变更"),
    "civ": ("hóa đơn của nhà vận chuyển", "Rechnung eines Frachtführers", "承运商发票"),
    "lac": ("tài khoản sổ cái", "Konto", "账户"),
    "len": ("bút toán", "Buchung", "分录"),
    "lln": ("dòng bút toán", "Buchungszeile", "分录行"),
    "per": ("kỳ quyết toán", "Abrechnungsperiode", "结算期"),
    "stm": ("bảng kê", "Abrechnung", "对账单"),
    "pay": ("khoản thanh toán", "Zahlung", "付款"),
    "udt": ("chi phí chung", "gemeinsames Vorhaben", "共同项目"),
    "dsp": ("khiếu nại", "Einspruch", "异议"),
    "spo": ("phần kho chào", "Flächenangebot", "仓位供应"),
    "spb": ("đặt chỗ kho", "Flächenbuchung", "仓位预订"),
    "sps": ("phân chia chi phí kho", "Flächenabrechnung", "仓位费用分摊"),
    "spr": ("sắp xếp lại kho", "Flächen-Umplanung", "仓位重排"),
    "win": ("đợt gom hàng", "Sammelfenster", "拼货窗口"),
    "sch": ("lịch đợt gom hàng", "Fensterplan", "窗口日程"),
    "set": ("phiên bản cài đặt", "Fassung einer Einstellung", "设置版本"),
    "shp": ("lô hàng", "Sendung", "货件"),
    "sev": ("sự kiện lô hàng", "Sendungsereignis", "货件事件"),
    "otf": ("biểu giá ngoài", "Außentarif", "外部运价"),
    "imp": ("lần nhập dữ liệu", "Import", "导入"),
    "prd": ("sản phẩm", "Produkt", "产品"),
    "ctn": ("thùng", "Karton", "纸箱"),
    "chn": ("kênh bán hàng", "Verkaufskanal", "销售渠道"),
    "cho": ("đơn hàng của cửa hàng", "Shop-Bestellung", "店铺订单"),
    "gtw": ("cổng nối", "Anbindung", "承运商接口"),
    "gor": ("đơn tại nhà vận chuyển", "Auftrag beim Frachtführer", "承运商订单"),
    "gfl": ("tệp trao đổi", "ausgetauschte Datei", "交换文件"),
    "plan": ("kế hoạch", "Plan", "计划"),
    "tor": ("chuyến xe", "Tour", "车次"),
    "tev": ("sự kiện theo dõi", "Verfolgungsereignis", "跟踪事件"),
    "pod": ("bằng chứng giao hàng", "Nachweis", "签收凭证"),
    "lnk": ("liên kết", "Link", "链接"),
    "whk": ("điểm nhận webhook", "Webhook-Endpunkt", "Webhook 端点"),
    "evt": ("sự kiện", "Ereignis", "事件"),
    "": ("mục", "Eintrag", "条目"),
}
"""What ``NOUNS`` name, in ``TRANSLATED``; the last is any other thing."""

DETAILS = {
    r"There is no such (?P<noun>.+)\.": ("Không có: {noun}.", "Das gibt es nicht: {noun}.", "没有此项：{noun}。"),
    r"(?P<n>\d+) faults?; nothing was stored\.": (
        *("{n} lỗi; chưa lưu gì.", "{n} Fehler; nichts wurde gespeichert.", "{n} 处错误；未保存任何内容。"),
    ),
    r"Send a valid API key as 'Authorization: Bearer clk_\.\.\.'\.": (
        "Hãy gửi khóa API hợp lệ dưới dạng 'Authorization: Bearer clk_...'.",
        "Senden Sie einen gültigen API-Schlüssel als 'Authorization: Bearer clk_...'.",
        "请以 'Authorization: Bearer clk_...' 发送有效的 API 密钥。",
    ),
    r"The session is over; sign in\.": (
        *("Phiên đã kết thúc; hãy đăng nhập.", "Die Sitzung ist vorbei; bitte anmelden.", "会话已结束；请登录。"),
    ),
    r"E-mail address or password is wrong\.": (
        *("Địa chỉ e-mail hoặc mật khẩu sai.", "E-Mail-Adresse oder Passwort ist falsch.", "电子邮件地址或密码错误。"),
    ),
    r"This second factor is wrong\.": (
        *("Yếu tố thứ hai này sai.", "Dieser zweite Faktor ist falsch.", "此第二因素错误。"),
    ),
    r"This link was used, withdrawn, or is too old; ask for another\.": (
        "Liên kết này đã được dùng, bị thu hồi hoặc quá cũ; hãy xin liên kết khác.",
        "Dieser Link wurde benutzt, zurückgezogen oder ist zu alt; bitten Sie um einen neuen.",
        "此链接已被使用、撤回或过期；请索取新链接。",
    ),
    r"This needs another role than (?P<role>\w+)\.": (
        *("Cần vai trò khác với {role}.", "Das verlangt eine andere Rolle als {role}.", "需要 {role} 以外的角色。"),
    ),
    r"This key is limited to other scopes\.": (
        "Khóa này bị giới hạn ở các phạm vi khác.",
        "Dieser Schlüssel ist auf andere Bereiche beschränkt.",
        "此密钥仅限于其他权限范围。",
    ),
    r"This is for people who have signed in, not for keys\.": (
        "Dành cho người đã đăng nhập, không dành cho khóa.",
        "Das ist für angemeldete Personen, nicht für Schlüssel.",
        "此操作仅限已登录的人员，不适用于密钥。",
    ),
    r"This request comes from another site\.": (
        *("Yêu cầu này đến từ trang khác.", "Diese Anfrage kommt von einer anderen Seite.", "此请求来自其他网站。"),
    ),
    r"This caller has reached its limit of requests\.": (
        "Người gọi đã đạt giới hạn số yêu cầu.",
        "Dieser Aufrufer hat seine Grenze an Anfragen erreicht.",
        "该调用方已达到请求次数上限。",
    ),
    r"An unexpected error; it has been logged\.": (
        *("Lỗi không mong đợi; đã được ghi lại.", "Ein unerwarteter Fehler; er ist vermerkt.", "意外错误；已记录。"),
    ),
    r"Prove again who you are, at POST /v1/session/step-up\.": (
        "Hãy xác minh lại danh tính tại POST /v1/session/step-up.",
        "Weisen Sie sich noch einmal aus, mit POST /v1/session/step-up.",
        "请通过 POST /v1/session/step-up 再次验证您的身份。",
    ),
}
"""Details as whole patterns of the English, and what they are in ``TRANSLATED``."""
_PATTERNS = [(re.compile(pattern), texts) for pattern, texts in DETAILS.items()]
_KIND_OF = {noun: kind for kind, noun in NOUNS.items()} | {"thing": ""}


class Told(NamedTuple):
    """A refusal in somebody's language, and in which languages its texts are."""

    title: str
    detail: str
    languages: str


def told(language: str, title: str, detail: str, errors: tuple[FieldFault, ...]) -> Told:
    """A refusal in a language, as far as there are words for it; causes and cures of faults stay English."""
    if language not in TRANSLATED:
        return Told(title, detail, "en")
    at = TRANSLATED.index(language)
    name = TITLES[title][at] if title in TITLES else title
    said = _detail(at, detail)
    whole = title in TITLES and said is not None and not errors
    return Told(name, said or detail, language if whole else f"{language}, en")


def _detail(at: int, detail: str) -> str | None:
    """The detail in a language; None where it has no words for it."""
    for pattern, texts in _PATTERNS:
        if found := pattern.fullmatch(detail):
            parts = found.groupdict()
            if "noun" in parts:
                kind = _KIND_OF.get(parts["noun"])
                if kind is None:
                    return None
                parts["noun"] = KINDS[kind][at]
            return texts[at].format(**parts)
    return None
