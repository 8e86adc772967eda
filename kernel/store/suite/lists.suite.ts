import { expect, test } from 'vitest';
import { compareText, ListRefusal } from '../find.ts';
import type { ListQuery, RecordGroup } from '../store.ts';
import { claim, done, place, recordOf, type Take, type Under } from './samples.suite.ts';

/** Orders, conditions and pages of lists. */
export function listTests(under: Under, take: Take): void {
  const notes = [undefined, '甲', '乙', '𠮷', '\uffee', 'a', 'A', ''];
  const claims = Array.from({ length: 60 }, (_, n) => {
    const body: Record<string, unknown> = {
      amount: String((BigInt(n % 9) - 4n) * 10n ** BigInt((n % 4) * 5)),
      state: n % 3 === 0 ? 'closed' : 'open',
      day: `2026-${n % 2 ? '02' : '10'}-${String((n % 5) + 1).padStart(2, '0')}`,
    };
    if (n % 4 > 0) body['items'] = n * 3;
    if (n % 5 > 0) body['tags'] = ['x', 'y', 'z'].slice(0, (n % 5) - 1);
    const note = notes[n % notes.length];
    if (note !== undefined) body['note'] = note;
    const owner = n % 10 === 7 ? '340000' : '';
    const row = recordOf(`C-${n}`, { subject: `person:${n % 11}`, owner, home: n !== 13 }, body);
    return { row, partition: n % 4 };
  });
  const base: ListQuery = {
    type: claim.type,
    where: [],
    sort: undefined,
    limit: 7,
    after: undefined,
    owner: 'all',
  };
  const fill = async () => {
    for (const partition of [0, 1, 2, 3]) {
      const records = claims.filter((one) => one.partition === partition).map((one) => one.row);
      expect(await (await take(partition)).write({ records })).toEqual(done);
    }
  };
  const walk = async (query: Partial<ListQuery>) => {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await under().reader.list({ ...base, ...query, after });
      expect(page.rows.length).toBeLessThanOrEqual(query.limit ?? base.limit);
      for (const { partition, ...row } of page.rows) {
        expect(claims).toContainEqual({ row, partition });
        ids.push(row.id);
      }
      after = page.next;
    } while (after !== undefined);
    return ids;
  };
  const fieldsOf = (id: string): Record<string, string | undefined> => {
    const body: Record<string, unknown> = JSON.parse(
      claims.find((one) => one.row.id === id)?.row.body ?? '{}',
    );
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
  };

  test('pages through every order without losing or doubling a row, whatever the ties', async () => {
    await fill();
    const all = claims.filter((one) => one.row.home).map((one) => one.row.id);
    for (const field of ['code', 'state', 'amount', 'items', 'day', 'note']) {
      const up = await walk({ sort: { field, descending: false } });
      expect([...up].sort()).toEqual([...all].sort());
      const value = (id: string) => fieldsOf(id)[field];
      const isNumber = field === 'amount' || field === 'items';
      for (const [n, id] of up.entries()) {
        const [left, right] = [n === 0 ? undefined : value(up[n - 1] ?? ''), value(id)];
        if (left === undefined) continue;
        if (isNumber) expect(BigInt(left) <= BigInt(right ?? 'x')).toBe(true);
        else expect(compareText(left, right ?? '')).toBeLessThanOrEqual(0);
      }
      expect(await walk({ sort: { field, descending: true }, limit: 1 })).toEqual([...up].reverse());
      expect(await walk({ sort: { field, descending: false }, limit: 59 })).toEqual(up);
    }
    const plain = await walk({ limit: 3 });
    expect([...plain].sort()).toEqual([...all].sort());
  });

  const filters: readonly [ListQuery['where'], (fields: Record<string, string | undefined>) => boolean][] = [
    [[{ field: 'state', is: '=', value: 'open' }], (fields) => fields['state'] === 'open'],
    [[{ field: 'amount', is: '>', value: '9' }], (fields) => BigInt(fields['amount'] ?? 0) > 9n],
    [[{ field: 'amount', is: '<=', value: '-10' }], (fields) => BigInt(fields['amount'] ?? 0) <= -10n],
    [
      [{ field: 'amount', is: '=', value: '4000000000000000' }],
      (fields) => fields['amount'] === '4000000000000000',
    ],
    [
      [{ field: 'items', is: '<', value: '100' }],
      (fields) => fields['items'] !== undefined && Number(fields['items']) < 100,
    ],
    [[{ field: 'items', is: '>=', value: '9' }], (fields) => Number(fields['items'] ?? 0) >= 9],
    [
      [{ field: 'note', is: '<=', value: '乙' }],
      (fields) => fields['note'] !== undefined && compareText(fields['note'], '乙') <= 0,
    ],
    [[{ field: 'note', is: '>', value: '\uffee' }], (fields) => fields['note'] === '𠮷'],
    [[{ field: 'note', is: '=', value: '' }], (fields) => fields['note'] === ''],
    [
      [{ field: 'day', is: 'prefix', value: '2026-10' }],
      (fields) => fields['day']?.startsWith('2026-10') ?? false,
    ],
    [
      [
        { field: 'code', is: 'prefix', value: 'C-1' },
        { field: 'state', is: '=', value: 'closed' },
      ],
      (fields) => (fields['code'] ?? '').startsWith('C-1') && fields['state'] === 'closed',
    ],
    [[{ field: 'code', is: 'prefix', value: '%' }], () => false],
  ];
  test('lists and counts what meets the conditions, numbers by value and texts by code point', async () => {
    await fill();
    for (const [where, meets] of filters) {
      const expected = claims
        .filter((one) => one.row.home && meets(fieldsOf(one.row.id)))
        .map((one) => one.row.id);
      expect([...(await walk({ where }))].sort(), JSON.stringify(where)).toEqual([...expected].sort());
      expect(await under().reader.count({ type: claim.type, where, owner: 'all' })).toBe(expected.length);
    }
  });

  const searches: readonly [string, readonly string[]][] = [
    ['甲', claims.filter(({ row }) => fieldsOf(row.id)['note'] === '甲').map(({ row }) => row.id)],
    ['A', claims.filter(({ row }) => /^a$/i.test(fieldsOf(row.id)['note'] ?? '')).map(({ row }) => row.id)],
    ['%', []],
    ['open', []],
  ];
  test.for(searches)('lists and counts rows that say “%s” in a field to search', async ([words, found]) => {
    await fill();
    const there = found.filter((id) => id !== 'C-13');
    expect([...(await walk({ words }))].sort()).toEqual([...there].sort());
    expect(await under().reader.count({ type: claim.type, where: [], words, owner: 'all' })).toBe(
      there.length,
    );
  });

  test('tells own records from copies, and hides the copies that are kept beside their home', async () => {
    await fill();
    const count = async (owner: ListQuery['owner']) =>
      under().reader.count({ type: claim.type, where: [], owner });
    expect([await count('own'), await count('others'), await count('all')]).toEqual([53, 6, 59]);
    expect((await walk({ owner: 'others' })).map((id) => Number(id.slice(2)) % 10)).toEqual([
      7, 7, 7, 7, 7, 7,
    ]);
  });

  const groupings: readonly [readonly string[], (fields: Record<string, unknown>) => readonly string[][]][] =
    [
      [['state'], ({ state }) => [[String(state)]]],
      [['note'], ({ note }) => [[note === undefined ? 'null' : `"${String(note)}"`]]],
      [['items', 'state'], ({ items, state }) => [[String(items ?? 'null'), String(state)]]],
      [['tags'], ({ tags }) => (Array.isArray(tags) ? tags.map((tag) => [String(tag)]) : [['null']])],
    ];
  test.for(groupings)('counts rows and subjects by %s', async ([by, values]) => {
    await fill();
    const expected = new Map<string, { rows: number; subjects: Set<string> }>();
    for (const { row } of claims.filter((one) => one.row.home))
      for (const value of values(JSON.parse(row.body ?? '{}'))) {
        const group = expected.get(value.join()) ?? { rows: 0, subjects: new Set() };
        expected.set(value.join(), group);
        group.rows += 1;
        group.subjects.add(row.subject);
      }
    const base = { type: claim.type, where: [], owner: 'all', by, after: undefined } as const;
    const { groups: found, next } = await under().reader.groups({ ...base, limit: 100 });
    expect(next).toBeUndefined();
    const shown = (value: string | null) =>
      by[0] === 'note' && value !== null ? `"${value}"` : String(value);
    const told = found.map((one) => [one.values.map(shown).join(), one.rows, one.subjects] as const);
    expect(new Set(told.map(([name]) => name)).size).toBe(told.length);
    expect([...told].sort()).toEqual(
      [...expected].map(([name, { rows, subjects }]) => [name, rows, subjects.size]).sort(),
    );
    const order = found.map(({ values: [first] }) => first ?? null);
    expect(order.indexOf(null)).toBeLessThanOrEqual(0);
    const texts = order.filter((value) => value !== null);
    expect([...texts].sort(compareText)).toEqual(texts);
    const paged: RecordGroup[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await under().reader.groups({ ...base, limit: 2, after });
      expect(page.groups.length).toBeLessThanOrEqual(2);
      paged.push(...page.groups);
      after = page.next;
    }
    expect(paged).toEqual(found);
  });

  test('counts only what meets the conditions, and refuses to count by a field that is not declared', async () => {
    await fill();
    const base = { type: claim.type, owner: 'own', limit: 10, after: undefined } as const;
    const where = [{ field: 'state', is: '=', value: 'open' }] as const;
    const {
      groups: [open, ...others],
    } = await under().reader.groups({ ...base, where, by: ['state'] });
    expect(open).toMatchObject({ values: ['open'], rows: await under().reader.count({ ...base, where }) });
    expect(others).toEqual([]);
    for (const by of [['amount'], ['state', "x' --"], []])
      await expect(under().reader.groups({ ...base, where: [], by })).rejects.toBeInstanceOf(ListRefusal);
  });

  const wrong: readonly [string, Partial<ListQuery>][] = [
    ['type', { type: 'ledger/none' }],
    ['none', { where: [{ field: 'none', is: '=', value: '' }] }],
    ["x' or true --", { sort: { field: "x' or true --", descending: false } }],
    ['amount', { where: [{ field: 'amount', is: '=', value: '12a' }] }],
    ['amount', { where: [{ field: 'amount', is: 'prefix', value: '1' }] }],
    ['q', { type: place.type, words: 'x' }],
    ['after', { after: 'nonsense' }],
    ['after', { after: Buffer.from('["",1,2,3,4,5]').toString('base64url') }],
    [
      'after',
      {
        after: Buffer.from('["+code","a",0,"s","","\\u0000"]').toString('base64url'),
        sort: { field: 'code', descending: false },
      },
    ],
    [
      'after',
      {
        after: Buffer.from('["+code","a",0,"s","",""]').toString('base64url'),
        sort: { field: 'code', descending: true },
      },
    ],
  ];
  test.for(wrong)('refuses a list naming what is wrong with it: %s', async ([field, query]) => {
    const failure = await under()
      .reader.list({ ...base, ...query })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ListRefusal);
    expect(failure).toMatchObject({ field });
  });
}
