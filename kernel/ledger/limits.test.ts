import {
  f,
  hold,
  object,
  post,
  put,
  refuse,
  release,
  reply,
  send,
  subject,
  system,
  transfer,
  years,
} from '@yitong/kit';
import { afterEach, expect, test } from 'vitest';
import { rebuildState } from '../journal/rebuild.ts';
import { verifyJournal } from '../journal/verify.ts';
import { members, TestRegion } from '../testing/region.ts';
import { limitedAccounts, shortOf } from './limits.ts';

const Purse = subject('purse');
const Shop = subject('shop');
const key = f.code(/^[a-z]+[0-9]*$/);
const Spend = object({ purse: key, shop: key, amount: f.money });

/** A purse that is topped up and spent from; a shop at the peer asks for money of it. */
function purses() {
  const own = system('clinic', {
    ...{ roles: ['clerk'], purposes: ['settle'], parameters: {} },
    texts: { 'zh-CN': {}, en: {} },
  });
  const prepaid = own.account('prepaid', { side: 'credit', about: Purse });
  const cash = own.account('cash', { side: 'debit' });
  const paid = own.account('paid', { side: 'credit' });
  const common = { by: ['clerk'], about: Purse, key: 'purse' } as const;
  const spent = own.record('spent', {
    ...{ about: Purse, schema: Spend, readers: ['clerk'] as const, keep: years(1) },
  });
  const sold = own.record('sold', {
    about: Shop,
    schema: object({ shop: key, state: f.code(/^[a-z/-]+$/) }),
    readers: ['clerk'],
    keep: years(1),
  });
  const take = (input: typeof Spend._output) =>
    transfer([{ debit: prepaid(input.purse), credit: paid(), amount: input.amount }]);
  own.command('top-up', {
    ...common,
    input: object({ purse: key, amount: f.money }),
    handle: ({ purse, amount }) => transfer([{ debit: cash(), credit: prepaid(purse), amount }]),
  });
  own.command('spend', { ...common, input: Spend, handle: (input) => [put(spent, input), take(input)] });
  own.command('reserve', {
    ...common,
    input: Spend,
    handle: ({ purse, shop, amount }) => hold(shop, [{ debit: prepaid(purse), credit: paid(), amount }]),
  });
  own.command('settle', { ...common, input: Spend, handle: ({ shop }) => post(shop) });
  own.command('free', { ...common, input: Spend, handle: ({ shop }) => release(shop) });
  own.command('grab', {
    ...common,
    about: Shop,
    key: 'shop',
    input: Spend,
    handle: (input) => take(input),
  });
  const charge = own.message('charge', {
    purpose: 'settle',
    from: Shop,
    about: Purse,
    key: 'purse',
    data: Spend,
    reply: object({}),
    refusals: ['never'],
    handle: (data) => (data.purse === 'never' ? refuse('never') : [put(spent, data), take(data), reply({})]),
    replied: (_, view) => put(sold, { shop: key.parse(view.key), state: f.code(/./).parse('paid') }),
    refused: (why, view) => put(sold, { shop: key.parse(view.key), state: f.code(/./).parse(why.code) }),
  });
  own.command('sell', {
    ...{ by: ['clerk'], about: Shop, key: 'shop', input: Spend },
    handle: (input) => send(charge, input, { to: '310000' }),
  });
  return own;
}

let region: TestRegion | undefined;
afterEach(() => region?.stop());

async function begun(): Promise<TestRegion> {
  region = new TestRegion({ systemOf: purses });
  await region.start();
  return region;
}

/** What a command ends with: its state, or the code and facts of its refusal. */
async function give(name: string, input: object, at: (typeof members)[number] = '310000') {
  const actor = { id: 'k', roles: ['clerk'] };
  const answer = await region?.node(at).command({ type: `clinic/${name}`, input, actor }, 10_000);
  if (answer?.state !== 'refused') return answer?.state;
  return { code: answer.problem.type.split('/').slice(-2).join('/'), facts: answer.problem.facts };
}

const spend = (amount: string, shop = 's') => ({ purse: 'p1', shop, amount });
const lacks = (short: string) => ({ code: 'ledger/limit', facts: { account: 'prepaid', short } });

test('what is on a limited account can be spent to the last fen and not one fen further; nothing of a refused message happens', async () => {
  const { reader } = await begun().then((one) => ({ reader: one.reader('310000') }));
  expect(await give('spend', spend('1'))).toEqual(lacks('1'));
  expect(await give('top-up', { purse: 'p1', amount: '1000' })).toBe('done');
  expect(await give('spend', spend('1001'))).toEqual(lacks('1'));
  const list = { type: 'clinic/spent', where: [], sort: undefined, limit: 9, after: undefined };
  expect((await reader.list({ ...list, owner: 'own' })).rows).toEqual([]);
  expect(await give('spend', spend('1000'))).toBe('done');
  expect(await give('spend', spend('1'))).toEqual(lacks('1'));
  expect(await reader.balances('clinic/prepaid')).toMatchObject([{ debit: 1000n, credit: 1000n }]);
});

test('what is reserved counts as spent until it is freed, and is booked without a second look at the limit', async () => {
  await begun();
  await give('top-up', { purse: 'p1', amount: '1000' });
  expect(await give('reserve', spend('600', 'a'))).toBe('done');
  expect(await give('reserve', spend('401', 'b'))).toEqual(lacks('1'));
  expect(await give('spend', spend('400'))).toBe('done');
  expect(await give('settle', spend('600', 'a'))).toBe('done');
  expect(await give('reserve', spend('1', 'c'))).toEqual(lacks('1'));
  await give('top-up', { purse: 'p1', amount: '5' });
  expect(await give('reserve', spend('5', 'd'))).toBe('done');
  expect(await give('spend', spend('5'))).toEqual(lacks('5'));
  expect(await give('free', spend('5', 'd'))).toBe('done');
  expect(await give('spend', spend('5'))).toBe('done');
});

test('of many that draw at once no more are let through than there is money for', async () => {
  await begun();
  await give('top-up', { purse: 'p1', amount: '1000' });
  const ends = await Promise.all(Array.from({ length: 20 }, () => give('spend', spend('100'))));
  expect(ends.filter((end) => end === 'done')).toHaveLength(10);
});

test('a peer that asks for more than is there learns the code, and both journals verify', async () => {
  const both = await begun();
  await give('top-up', { purse: 'p1', amount: '1000' });
  expect(await give('sell', spend('700', 'a'), '340000')).toBe('done');
  expect(await give('sell', spend('301', 'b'), '340000')).toEqual(lacks('1'));
  const list = { type: 'clinic/sold', where: [], sort: undefined, limit: 9, after: undefined };
  const sold = (await both.reader('340000').list({ ...list, owner: 'own' })).rows;
  expect(sold.map(({ body }) => body).sort()).toEqual([
    '{"shop":"a","state":"paid"}',
    '{"shop":"b","state":"ledger/limit"}',
  ]);
  for (const member of members) {
    expect((await verifyJournal(both.checked(member))).findings, member).toEqual([]);
    expect((await rebuildState(both.checked(member))).findings, member).toEqual([]);
  }
});

test('a limited account is booked by its own subject only, and is no person’s and no member’s', async () => {
  await begun();
  expect(await give('grab', spend('1'))).toBe('held');
  const own = system('own', { roles: [], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
  const person = subject('person', { person: true });
  expect(() => own.account('one', { side: 'credit', about: person })).toThrow('no person');
  expect(() => own.account('two', { side: 'credit', about: Purse, per: 'member' })).toThrow('no member');
});

test('an account below its limit is found, whichever side it grows on', () => {
  const own = system('own', { roles: [], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
  own.account('prepaid', { side: 'credit', about: Purse });
  own.account('stock', { side: 'debit', about: Purse });
  own.account('cash', { side: 'debit' });
  const limited = limitedAccounts([own]);
  const row = (account: string, debit: bigint, credit: bigint, heldDebit = 0n, heldCredit = 0n) =>
    shortOf(limited, { account, debit, credit, heldDebit, heldCredit, at: 0 });
  expect(row('own/prepaid:p', 10n, 10n)).toBeUndefined();
  expect(row('own/prepaid:p', 9n, 10n, 2n)).toBe(1n);
  expect(row('own/stock:p', 10n, 10n)).toBeUndefined();
  expect(row('own/stock:p', 10n, 9n, 0n, 3n)).toBe(2n);
  expect(row('own/cash', 0n, 99n)).toBeUndefined();
});
