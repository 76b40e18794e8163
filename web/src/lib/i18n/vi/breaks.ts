import type { breaks as english } from "../en/breaks";
import type { Words } from "../catalogue";

/** Breaks of drivers. */
export const breaks: Words<typeof english> = {
  "breaks.title": "Giờ nghỉ của tài xế",
  "breaks.lead": "Tài xế nghỉ theo quy định của cụm trong phần lập kế hoạch, trừ khi loại xe có giờ nghỉ riêng. Áp dụng cho các kế hoạch lập từ bây giờ.",
  "breaks.rule": "Quy tắc",
  "breaks.rule.none": "Không nghỉ",
  "breaks.rule.own": "Giờ tự chọn",
  "breaks.rule.eu_561": "Liên minh châu Âu: 45 phút sau 4 giờ 30",
  "breaks.rule.vn_36_2024": "Việt Nam: 15 phút sau 4 giờ",
  "breaks.rule.cn_405_2004": "Trung Quốc: 20 phút sau 4 giờ",
  "breaks.one": "{span} trong khoảng {opens} đến {closes}",
  "breaks.opens": "Bắt đầu sớm nhất",
  "breaks.closes": "Muộn nhất",
  "breaks.minutes": "Số phút",
  "breaks.add": "Thêm một lần nghỉ",
  "breaks.drop": "Bỏ ra",
  "breaks.drop.of": "Bỏ lần nghỉ {n}",
  "breaks.law": "Nghỉ {lasts} sau tối đa {after} lái xe; kế hoạch tính mọi thời gian từ đầu ca hoặc từ lần nghỉ trước, nên chắc chắn được tuân thủ.",
  "breaks.source": "{source}, có hiệu lực từ {day}, tra cứu ngày {checked}.",
  "breaks.unseen": "Không xét số giờ mỗi ngày và mỗi tuần.",
  "breaks.home": "Luật của nước nơi cụm hoạt động: {rule} ({source}).",
  "breaks.take": "Áp dụng",
  "breaks.no": "Không lập giờ nghỉ",
  "breaks.as.cluster": "Theo quy định của cụm",
  "breaks.shift": "Ca {from} đến {to}",
  "action.rest": "Nghỉ",
  "timeline.rests": ", nghỉ {span}",
  "code.breaks_overlap": "Các lần nghỉ phải theo thứ tự, và lần sau phải bắt đầu được khi lần trước đã xong.",
};
