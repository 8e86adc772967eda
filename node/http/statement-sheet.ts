import type { MirrorEntry, Reader } from '@yitong/kernel';
import { type Locale, members } from '@yitong/kit';
import type { FastifyReply } from 'fastify';
import type { Door } from './context.ts';
import { type SheetOf, workbook, workbookType } from './workbook.ts';

/** What a statement is narrowed to. */
export interface StatementWish {
  readonly peer?: string;
  readonly period?: string;
}

/** Entries of a workbook at most; the totals are of all. */
const entriesMax = 100_000;
const pageSize = 1_000;

const words = {
  'zh-CN': {
    totals: '合计',
    entries: '明细',
    heads: ['账户', '对方', '月份', '笔数', '金额（元）'],
    entryHeads: ['凭证', '账户', '对方', '月份', '方式', '金额（元）', '日志位置'],
    kinds: { post: '记账', settle: '兑付', reversal: '冲销' },
    colon: ':',
  },
  en: {
    totals: 'Totals',
    entries: 'Entries',
    heads: ['Account', 'Other member', 'Month', 'Entries', 'Amount (yuan)'],
    entryHeads: [
      'Entry',
      'Account',
      'Other member',
      'Month',
      'Kind',
      'Amount (yuan)',
      'Place in the journal',
    ],
    kinds: { post: 'posted', settle: 'settled', reversal: 'reversed' },
    colon: ': ',
  },
} as const;

/** The statement as a workbook: totals by account, peer and month of what both members keep, and the entries that they are made of. */
export async function sendStatementSheet(
  door: Door,
  wish: StatementWish,
  locale: Locale,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const isDebt = ({ account }: Pick<MirrorEntry, 'account'>) => sideOf(door, account) !== undefined;
  const totals = (await door.reader.mirrorTotals(wish)).filter(isDebt);
  const entries = (await entriesOf(door.reader, wish, entriesMax)).filter(isDebt);
  const name = ['statement', door.config.member, wish.peer, wish.period].filter(Boolean).join('-');
  const file = await workbook(sheetsOf(door, totals, entries, locale));
  return reply
    .header('content-type', workbookType)
    .header('content-disposition', `attachment; filename="${name}.xlsx"`)
    .send(file);
}

function sheetsOf(
  door: Door,
  totals: Awaited<ReturnType<Reader['mirrorTotals']>>,
  entries: readonly MirrorEntry[],
  locale: Locale,
): readonly SheetOf[] {
  const text = words[locale];
  const account = (path: string) => accountTitle(door, path, locale);
  const member = (code: string) => {
    const found = members.find((one) => one.code === code);
    return found === undefined ? code : found[locale === 'en' ? 'en' : 'zh'];
  };
  return [
    {
      name: text.totals,
      heads: text.heads,
      widths: [36, 14, 10, 10, 18],
      rows: totals.map(({ account: path, peer, period, count, fen }) => [
        account(path),
        member(peer),
        period,
        count,
        { fen },
      ]),
    },
    {
      name: text.entries,
      heads: text.entryHeads,
      widths: [38, 36, 14, 10, 10, 18, 22],
      rows: entries.map(({ transfer, account: path, peer, period, kind, fen, partition, at }) => [
        transfer,
        account(path),
        member(peer),
        period,
        text.kinds[kind],
        { fen },
        `${partition}.${at}`,
      ]),
    },
  ];
}

/** `<system>/<account>[:<party>]` in words; an account for each member says no more than the member beside it. */
export function accountTitle({ systems }: Pick<Door, 'systems'>, path: string, locale: Locale): string {
  const [head = '', party] = path.split(':', 2);
  const [name = '', account = ''] = head.split('/', 2);
  const texts = systems.find((one) => one.name === name)?.texts[locale];
  const title = texts?.[account] ?? head;
  return party === undefined || /^\d{6}$/.test(party) ? title : `${title}${words[locale].colon}${party}`;
}

/** The side of a debt between members: what is owed grows on the credit side; undefined for an account that the other member does not keep too. */
export function sideOf({ systems }: Pick<Door, 'systems'>, path: string): 'debit' | 'credit' | undefined {
  const [system, account = ''] = (path.split(':')[0] ?? '').split('/', 2);
  const head = systems.find(({ name }) => name === system)?.accounts.get(account)?.head;
  return head?.mirror === undefined ? undefined : head.side;
}

/** Entries of a statement in the order of their ids, at most `max`. */
export async function entriesOf(
  reader: Pick<Reader, 'mirrors'>,
  wish: StatementWish,
  max: number,
): Promise<readonly MirrorEntry[]> {
  const found: MirrorEntry[] = [];
  for (let after: string | undefined; found.length < max; after = found.at(-1)?.transfer) {
    const limit = Math.min(pageSize, max - found.length);
    const page = await reader.mirrors({ ...wish, limit, ...(after === undefined ? {} : { after }) });
    found.push(...page);
    if (page.length < limit) break;
  }
  return found;
}
