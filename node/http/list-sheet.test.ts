import { inflateRawSync } from 'node:zlib';
import { f, object, subject, system, years, z } from '@yitong/kit';
import { expect, test } from 'vitest';
import { namesIn } from './code-names.ts';
import { listSheet } from './list-sheet.ts';
import { testDoor } from './testing/app.ts';

const texts = {
  tide: 'Tides',
  gauge: 'Gauge',
  'gauge.name': 'Name',
  'gauge.fee': 'Fee',
  'gauge.share': 'Share',
  'gauge.seen': 'Seen',
  'gauge.month': 'Month',
  'gauge.said': 'Said',
  'gauge.places': 'Places',
  'gauge.state': 'State',
  'gauge.works': 'Works',
  '=open': 'open to all',
};
const tide = system('tide', { roles: [], parameters: {}, texts: { 'zh-CN': texts, en: texts } });
const gauge = tide.record('gauge', {
  about: subject('gauge'),
  schema: object({
    name: f.line(20),
    fee: f.money,
    share: f.basisPoints,
    seen: f.day.nullable(),
    month: f.month,
    said: f.instant,
    places: z.array(f.place),
    state: f.choice(['open']),
    works: f.yesNo,
  }),
  keep: years(1),
  readers: ['public'],
  copies: 'all',
  list: ['name', 'fee', 'share', 'seen', 'month', 'said', 'places', 'state', 'works'],
});

/** A file of a ZIP archive by its name, as text. */
function entryOf(zip: Buffer, name: string): string {
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    const length = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + length) !== name) continue;
    const [size, local] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    return inflateRawSync(zip.subarray(begin, begin + size)).toString('utf8');
  }
  throw new Error(`there is no ${name}`);
}

const value = {
  name: '=1+1',
  fee: '-128050',
  share: 1250,
  seen: '2026-03-02',
  month: '2026-11',
  said: '2026-11-27T20:30:00.000Z',
  places: ['310000', '340100'],
  state: 'open',
  works: true,
};

test('a sheet’s amounts, shares, days and times are numbers that can be summed and sorted; codes and places are words', async () => {
  const rows = [{ subject: 'gauge:1', id: '', owner: '', value }];
  const file = await listSheet({
    system: tide,
    record: gauge,
    rows,
    member: '340000',
    locale: 'en',
    nameOf: () => undefined,
  });
  const texts = entryOf(file, 'xl/sharedStrings.xml');
  for (const said of [
    'Fee (yuan)',
    'Said (UTC+8)',
    'From',
    '=1+1',
    'Shanghai, Hefei',
    'open to all',
    'yes',
    'Anhui',
  ])
    expect(texts).toContain(`>${said}<`);
  const numbers = [
    ...entryOf(file, 'xl/worksheets/sheet1.xml').matchAll(/<c r="([B-F])2"[^>]*><v>([^<]+)</g),
  ];
  const day = (text: string) => Date.parse(text) / 86_400_000 + 25_569;
  expect(Object.fromEntries(numbers.map(([, column, number]) => [column, Number(number)]))).toEqual({
    B: -1280.5,
    C: 0.125,
    D: day('2026-03-02'),
    E: day('2026-11-01'),
    F: expect.closeTo(day('2026-11-28T04:30:00Z'), 6),
  });
  expect(entryOf(file, 'xl/styles.xml')).toMatch(/#,##0\.00.*0\.00%.*yyyy-mm-dd/s);
});

const harbourTexts = {
  harbour: 'Harbours',
  'harbour.keeper': 'Keeper',
  'harbour.open': 'Open',
  'harbour.dues': 'Dues',
  'harbour.said': 'Said',
  'dues.berth': 'Berth',
  '.rate': 'Share',
};
const harbours = system('harbours', {
  roles: [],
  parameters: {},
  texts: {
    'zh-CN': { ...harbourTexts, 'harbour.open': '开放', 'harbour.dues': '费用' },
    en: harbourTexts,
  },
});
harbours.codes('keeper', [{ code: 'K1', name: '王站', nameEn: 'Wang’s' }]);
const harbour = harbours.record('harbour', {
  about: subject('harbour'),
  schema: object({
    keeper: f.code(/^K\d$/, 4).meta({ names: 'keeper' }),
    open: object({ from: f.day, to: f.day.nullable(), fee: f.money }),
    dues: z.array(
      object({
        berth: f.line(9),
        amount: f.money,
        rate: f.basisPoints,
        keeper: f.code(/^K\d$/, 4).meta({ names: 'keeper' }),
        spare: f.line(9).nullable(),
      }),
    ),
    said: f.bilingual(20),
  }),
  keep: years(1),
  readers: ['public'],
  list: ['keeper', 'open', 'dues', 'said'],
});

test.for([
  {
    locale: 'en',
    heads: ['Keeper', 'Keeper (code)', 'Open: From', 'Open: To', 'Open: fee (yuan)', 'Dues', 'Said'],
    words: [
      'Wang’s',
      'K1',
      'Berth: A; Amount: 1,280.50 yuan; Share: 12.5%; keeper: Wang’s / Berth: B',
      'calm',
    ],
  },
  {
    locale: 'zh-CN',
    heads: ['Keeper（代码）', '开放：开始', '开放：结束', '费用'],
    words: ['王站', 'Berth：A；金额：1,280.50元；Share：12.5%；keeper：王站 / Berth：B', '平静'],
  },
] as const)(
  'what is made of parts is columns or words of $locale, and a code has its name beside it',
  async (said) => {
    const due = { amount: '128050', rate: 1250, keeper: 'K1', spare: null };
    const value = {
      keeper: 'K1',
      open: { from: '2026-03-02', to: null, fee: '500' },
      dues: [
        { ...due, berth: 'A' },
        { ...due, berth: 'B' },
      ],
      said: { 'zh-CN': '平静', en: 'calm' },
    };
    const of = { system: harbours, record: harbour, locale: said.locale };
    const nameOf = await namesIn(testDoor().kernel.reader, of, [value]);
    const rows = [{ subject: 'harbour:1', id: '', owner: '', value }];
    const file = await listSheet({ ...of, rows, member: '340000', nameOf });
    const texts = entryOf(file, 'xl/sharedStrings.xml');
    for (const words of [...said.heads, ...said.words]) expect(texts).toContain(`>${words}`);
    expect(texts).not.toContain('{');
    const numbers = entryOf(file, 'xl/worksheets/sheet1.xml').matchAll(/<c r="([C-E])2"[^>]*><v>([^<]+)</g);
    expect([...numbers].map(([, column]) => column)).toEqual(['C', 'E']);
  },
);
