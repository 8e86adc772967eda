import type { SystemHome, SystemPage } from '@yitong/portal';
import { billsPath, filingsPath } from './paths.ts';

/** Pages made by hand, for those who use the system every day. */
export const pages: readonly SystemPage[] = [
  {
    path: 'bills',
    source: 'bills.tsx',
    nav: ['self'],
    title: { 'zh-CN': '账单', en: 'Bills' },
    first: [{ path: billsPath, roles: ['self'] }],
  },
  {
    path: 'file',
    source: 'file.tsx',
    nav: ['self'],
    title: { 'zh-CN': '异地就医备案', en: 'New filing' },
    command: 'declare-filing',
  },
  { path: 'settlement/:subject/:key', source: 'bill.tsx' },
  { path: 'counter', source: 'counter.tsx', nav: ['cashier'], title: { 'zh-CN': '收费窗口', en: 'Counter' } },
];

/** What stands on front pages. */
export const home: readonly SystemHome[] = [
  {
    source: 'home-filing.tsx',
    roles: ['self'],
    first: [
      { path: '/systems/medical-settlement', roles: ['self'], isSame: true },
      { path: filingsPath, roles: ['self'] },
    ],
  },
  { source: 'home-bills.tsx', roles: ['self'], first: [{ path: billsPath, roles: ['self'] }] },
];
