import { wordsOf } from '@yitong/portal';

const chinese = {
  title: '{n} 项责任，哪些落后了',
  why: '纲要点名的项目和机制，按各地承担的部分逐项报告。数据为各地最近一次填报。',
  'on-course': '项完成或按期',
  done: '完成 {n}',
  begun: '推进中 {n}',
  late: '落后 {n}',
  'not-begun': '未启动 {n}',
  chapter: '第{n}章',
  map: '落在地图上的事项',
  'map.why': '数字：该市涉及的部分',
  'late.title': '落后的事项',
  'late.of': '{name}落后的事项',
  'late.none': '没有落后的事项。',
  'late.clear': '显示全部',
  item: '事项',
  next: '到期节点',
  member: '责任方',
  days: '逾期，天',
  report: '报告里程碑',
  list: '全部条目',
  note: '条目取自纲要原文，进度与日期为演示数据',
};

const english: Readonly<Record<keyof typeof chinese, string>> = {
  title: '{n} part: what lags?|{n} parts: what lags?',
  why: 'What the Outline names, as each member reports on its part; figures are of the last reports.',
  'on-course': 'done or on course',
  done: 'done {n}',
  begun: 'under way {n}',
  late: 'late {n}',
  'not-begun': 'not begun {n}',
  chapter: 'Chapter {n}',
  map: 'On the map',
  'map.why': 'number: parts that touch the city',
  'late.title': 'What lags',
  'late.of': 'What lags in {name}',
  'late.none': 'Nothing lags.',
  'late.clear': 'Show all',
  item: 'Entry',
  next: 'Was due',
  member: 'Owner',
  days: 'Days late',
  report: 'Report a milestone',
  list: 'All entries',
  note: 'Entries are the Outline’s own; progress and days are demonstration data',
};

/** A text of these pages in the page's language. */
export const words = wordsOf({ 'zh-CN': chinese, en: english });
