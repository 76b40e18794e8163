import type { breaks as english } from "../en/breaks";
import type { Words } from "../catalogue";

/** Breaks of drivers. */
export const breaks: Words<typeof english> = {
  "breaks.title": "司机休息",
  "breaks.lead": "司机按集群在计划设置中的规定休息，除非车型另有规定。适用于从现在起制定的计划。",
  "breaks.rule": "规则",
  "breaks.rule.none": "不休息",
  "breaks.rule.own": "自定时间",
  "breaks.rule.eu_561": "欧盟：4 小时 30 分后 45 分钟",
  "breaks.rule.vn_36_2024": "越南：4 小时后 15 分钟",
  "breaks.rule.cn_405_2004": "中国：4 小时后 20 分钟",
  "breaks.one": "{opens} 至 {closes} 之间休息 {span}",
  "breaks.opens": "最早开始",
  "breaks.closes": "最晚开始",
  "breaks.minutes": "分钟数",
  "breaks.add": "再加一次休息",
  "breaks.drop": "去掉",
  "breaks.drop.of": "去掉第 {n} 次休息",
  "breaks.law": "驾驶最多 {after} 后休息 {lasts}；计划从班次开始或上一次休息起计入全部时间，因此必定遵守。",
  "breaks.source": "{source}，自 {day} 起生效，查阅于 {checked}。",
  "breaks.unseen": "不检查每天和每周的驾驶时数。",
  "breaks.home": "集群所在国的法律：{rule}（{source}）。",
  "breaks.take": "采用",
  "breaks.no": "不安排休息",
  "breaks.as.cluster": "按集群的规定",
  "breaks.shift": "班次 {from} 至 {to}",
  "action.rest": "休息",
  "timeline.rests": "，休息 {span}",
  "code.breaks_overlap": "休息须按先后排列，且前一次结束后才能开始下一次。",
};
