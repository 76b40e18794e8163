import type { Words } from "../catalogue";
import type { exceptions as english } from "../en/exceptions";

export const exceptions: Words<typeof english> = {
  "exception.address_not_found": "找不到地址",
  "exception.consignee_absent": "无人接收",
  "exception.closed": "已关门",
  "exception.refused": "拒收",
  "exception.damaged": "货物损坏",
  "exception.incomplete": "货物不齐",
  "exception.wrong_goods": "货物有误",
  "exception.not_ready": "未备好",
  "exception.not_as_booked": "与预订不符",
  "exception.not_paid": "未付款",
  "exception.documents_missing": "缺少单据",
  "exception.rescheduled": "已另约日期",
  "exception.access_blocked": "无法进入",
  "exception.out_of_time": "时间不够",
  "exception.vehicle_breakdown": "车辆故障",
  "exception.accident": "事故",
  "exception.theft": "失窃",
  "exception.traffic": "交通拥堵",
  "exception.weather": "天气",
  "exception.tour_cancelled": "行程取消",
  "exception.other": "其他原因",
};
