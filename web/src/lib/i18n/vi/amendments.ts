import type { Words } from "../catalogue";
import type { amendments as english } from "../en/amendments";

export const amendments: Words<typeof english> = {
  amendments: "Thay đổi các chuyến của bạn",
  "amendments.was": "Hiện tại",
  "amendments.would": "Sẽ là",
  "amendments.accept": "Đồng ý với giá {price}",
  "amendments.urgent": "Không thể chờ: {reason}",
  "amendments.needed": "Nhà vận chuyển phải đồng ý trước khi chuyến đã giao cho họ thay đổi.",
  "amendments.ask": "Hỏi nhà vận chuyển",
  "amendments.impose": "Không thể chờ",
  "amendments.impose.why": "Vì sao không thể chờ",
  "amendments.impose.send": "Đổi chuyến mà không chờ trả lời",
  "amendments.history": "Thay đổi sau khi giao thầu",
  "amendment_status.open": "Đang hỏi",
  "amendment_status.accepted": "Đã đồng ý",
  "amendment_status.declined": "Đã từ chối",
  "amendment_status.expired": "Không trả lời kịp",
  "amendment_status.withdrawn": "Không hỏi nữa",
  "amendment_status.imposed": "Không thể chờ",
};
