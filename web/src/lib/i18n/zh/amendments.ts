import type { Words } from "../catalogue";
import type { amendments as english } from "../en/amendments";

export const amendments: Words<typeof english> = {
  amendments: "您的车次变更",
  "amendments.was": "现在",
  "amendments.would": "变更后",
  "amendments.accept": "同意，价格 {price}",
  "amendments.urgent": "不能等待：{reason}",
  "amendments.needed": "已授予的车次变更前，须经承运商同意。",
  "amendments.ask": "征求承运商同意",
  "amendments.impose": "不能等待",
  "amendments.impose.why": "为何不能等待",
  "amendments.impose.send": "不等答复即变更车次",
  "amendments.history": "授予后的变更",
  "amendment_status.open": "征求中",
  "amendment_status.accepted": "已同意",
  "amendment_status.declined": "已拒绝",
  "amendment_status.expired": "未及时答复",
  "amendment_status.withdrawn": "不再征求",
  "amendment_status.imposed": "不能等待",
};
