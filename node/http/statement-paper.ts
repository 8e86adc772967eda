import type { MirrorEntry, Reader } from '@yitong/kernel';
import type { Locale } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { momentText, monthText, yuanText } from '../paper/lines.ts';
import type { Paper } from '../paper/pdf.ts';
import type { PaperTable } from '../paper/table.ts';
import { tokenOf } from '../paper/token.ts';
import { paperWords, placeWord } from '../paper/words.ts';
import type { Door } from './context.ts';
import { originOf } from './receipts.ts';
import { sendSealedPaper } from './sealed-paper.ts';
import { accountTitle, entriesOf, type StatementWish, sideOf } from './statement-sheet.ts';

/** Entries of a paper at most, about 25 pages; a workbook has more. */
const entriesMax = 1_000;

const words = {
  'zh-CN': {
    title: '往来对账单',
    all: '全部月份',
    sums: '合计，元',
    sumHeads: ['对方', '笔数', '应付', '应收', '差额'],
    sum: '合计',
    entries: '与{peer}的明细，元，应付为负',
    entryHeads: ['凭证', '账户', '方式', '金额'],
    kinds: { post: '记账', settle: '兑付', reversal: '冲销' },
    more: '明细超过 {n} 条，这里没有列出。全部明细见表格文件，合计包括全部。',
    shows: '本对账单只说明签发时的账目。验证时可看到签发的合计。',
  },
  en: {
    title: 'Statement between members',
    all: 'all months',
    sums: 'Sums, yuan',
    sumHeads: ['Member', 'Entries', 'Owed', 'Due', 'Difference'],
    sum: 'Together',
    entries: 'Entries with {peer}, yuan; below zero: owed',
    entryHeads: ['Entry', 'Account', 'Kind', 'Amount'],
    kinds: { post: 'posted', settle: 'settled', reversal: 'reversed' },
    more: 'There are more than {n} entries, which do not stand here. The workbook has all; the sums are of all.',
    shows:
      'This statement tells the books as they were when it was signed. Who verifies it sees the signed sums.',
  },
} as const;

/** What two members owe each other, fen, and of how many entries it is made. */
interface Sums {
  readonly peer: string;
  readonly count: number;
  readonly owed: string;
  readonly due: string;
}

/** The statement as a sealed PDF: sums by peer, which the member signs, and the entries that they are made of. 往来对账单 */
export async function sendStatementPaper(
  door: Door,
  wish: StatementWish,
  locale: Locale,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { config, reader, clock } = door;
  const { vouching } = door.node;
  const isDebt = ({ account }: Pick<MirrorEntry, 'account'>) => sideOf(door, account) !== undefined;
  const sums = sumsOf(door, (await reader.mirrorTotals(wish)).filter(isDebt));
  // Each debt is booked against an account of this member's own, which is an entry too.
  const entries = (await entriesOf(reader, wish, 2 * entriesMax + 1)).filter(isDebt);
  const id = [config.member, wish.peer, wish.period].filter(Boolean).join('-');
  const facts = { period: wish.period ?? '', sums };
  // A statement is of many places of the journal, so it names none.
  const of = { record: 'ledger/statement', about: '', id, at: '0.0', facts };
  const code = `${originOf(door, request)}/verify#${tokenOf(vouching.vouch({ ...of, file: '' }))}`;
  const paper = paperOf(door, { wish, locale, sums, entries, code, at: clock.now() });
  return sendSealedPaper(door, { paper, of, name: `statement-${id}` }, reply);
}

interface Told {
  readonly wish: StatementWish;
  readonly locale: Locale;
  readonly sums: readonly Sums[];
  readonly entries: readonly MirrorEntry[];
  readonly code: string;
  readonly at: number;
}

function paperOf(door: Door, { wish, locale, sums, entries, code, at }: Told): Paper {
  const own = words[locale];
  const shared = paperWords(locale);
  const { member, demonstration } = door.config;
  const isWhole = entries.length <= entriesMax;
  const listed = isWhole ? sums.map((one) => entryTable(door, one.peer, entries, locale)) : [];
  const time = momentText(new Date(at).toISOString(), locale);
  return {
    language: locale,
    product: shared('product'),
    whose: shared('whose'),
    title: `${own.title} ${wish.period === undefined ? own.all : monthText(wish.period, locale)}`,
    under: shared('signed', { member: placeWord(member, locale), time }),
    lines: [],
    tables: [sumTable(sums, locale), ...listed],
    code,
    scan: shared('scan'),
    notes: [
      ...(isWhole ? [] : [own.more.replace('{n}', String(entriesMax))]),
      shared('how', { origin: code.split('/verify#')[0] ?? '' }),
      own.shows,
      ...(demonstration ? [shared('demonstration')] : []),
    ],
    at: new Date(at),
  };
}

function sumTable(sums: readonly Sums[], locale: Locale): PaperTable {
  const own = words[locale];
  const total = (of: 'owed' | 'due') => sums.reduce((all, one) => all + BigInt(one[of]), 0n);
  const cells = (name: string, count: number, owed: bigint, due: bigint) => [
    name,
    String(count),
    yuanText(owed),
    yuanText(due),
    yuanText(due - owed),
  ];
  const counts = sums.reduce((all, { count }) => all + count, 0);
  return {
    title: own.sums,
    heads: own.sumHeads,
    widths: [0.28, 0.12, 0.2, 0.2, 0.2],
    isNumber: [false, true, true, true, true],
    rows: sums.map(({ peer, count, owed, due }) =>
      cells(placeWord(peer, locale), count, BigInt(owed), BigInt(due)),
    ),
    sum: cells(own.sum, counts, total('owed'), total('due')),
  };
}

function entryTable(door: Door, of: string, entries: readonly MirrorEntry[], locale: Locale): PaperTable {
  const own = words[locale];
  return {
    title: own.entries.replace('{peer}', placeWord(of, locale)),
    heads: own.entryHeads,
    widths: [0.44, 0.28, 0.1, 0.18],
    isNumber: [false, false, false, true],
    rows: entries
      .filter(({ peer }) => peer === of)
      .map(({ transfer, account, kind, fen }) => [
        transfer,
        accountTitle(door, account, locale),
        own.kinds[kind],
        yuanText(sideOf(door, account) === 'credit' ? -fen : fen),
      ]),
  };
}

function sumsOf(door: Door, totals: Awaited<ReturnType<Reader['mirrorTotals']>>): readonly Sums[] {
  const peers = [...new Set(totals.map(({ peer }) => peer))].sort();
  return peers.map((peer) => {
    const own = totals.filter((one) => one.peer === peer);
    const sum = (side: 'debit' | 'credit') =>
      own.filter(({ account }) => sideOf(door, account) === side).reduce((all, { fen }) => all + fen, 0n);
    const count = own.reduce((all, one) => all + one.count, 0);
    return { peer, count, owed: String(sum('credit')), due: String(sum('debit')) };
  });
}
