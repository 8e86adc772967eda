import type { SystemPage } from '@yitong/portal';

/** Pages made by hand. */
export const pages: readonly SystemPage[] = [
  {
    path: 'progress',
    source: 'progress.tsx',
    nav: ['planner', 'public'],
    title: { 'zh-CN': '纲要进度', en: 'Progress' },
  },
];
