import type { Words } from "../catalogue";
import type { exceptions as english } from "../en/exceptions";

export const exceptions: Words<typeof english> = {
  "exception.address_not_found": "Không tìm thấy địa chỉ",
  "exception.consignee_absent": "Không có người nhận",
  "exception.closed": "Đóng cửa",
  "exception.refused": "Từ chối nhận",
  "exception.damaged": "Hàng hư hỏng",
  "exception.incomplete": "Thiếu hàng",
  "exception.wrong_goods": "Sai hàng",
  "exception.not_ready": "Chưa sẵn sàng",
  "exception.not_as_booked": "Không đúng như đã đặt",
  "exception.not_paid": "Chưa thanh toán",
  "exception.documents_missing": "Thiếu giấy tờ",
  "exception.rescheduled": "Đã hẹn ngày khác",
  "exception.access_blocked": "Không vào được",
  "exception.out_of_time": "Hết giờ",
  "exception.vehicle_breakdown": "Xe hỏng",
  "exception.accident": "Tai nạn",
  "exception.theft": "Mất trộm",
  "exception.traffic": "Kẹt xe",
  "exception.weather": "Thời tiết",
  "exception.tour_cancelled": "Chuyến bị hủy",
  "exception.other": "Lý do khác",
};
