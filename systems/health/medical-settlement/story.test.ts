import { citizenIdCheckCharacter, f, fen, type Instant } from '@yitong/kit';
import { MemoryRegion } from '@yitong/kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accounts } from './books.ts';
import { checkEligibility } from './eligibility.ts';
import { declareFiling, revokeFiling } from './filing.ts';
import { registerInstitution } from './institution.ts';
import { creditAccount, registerCoverage } from './insured.ts';
import {
  account,
  bill,
  eligibility,
  filing,
  grounds,
  institution,
  receipt,
  settlement,
  yearSums,
} from './records.ts';
import { medicalSettlement } from './system.ts';
import { cancelBill, confirmBill, presentBill, reverseBill } from './visit.ts';

const MEMBERS = ['310000', '320000', '330000', '340000'] as const;
const [SH, JS, , AH] = MEMBERS;
const NOON: Instant = '2026-09-15T04:00:00.000Z';
const number = (body: string) => f.citizenId.parse(body + citizenIdCheckCharacter(body));
const NANJING = number('32010219850520123');
const XUZHOU = number('32030219500520123');
const HEFEI = number('34010219850520123');
const HOSPITAL = 'H34010200001';

const person = (of: Record<string, unknown> = {}) => ({
  person: NANJING,
  name: '王伟',
  city: '320100',
  scheme: '310',
  status: 'employed',
  birthDate: '1985-05-20',
  category: null,
  civilServant: false,
  coverage: { from: '2020-01-01', to: null },
  chronic: [],
  opening: '100000',
  ...of,
});
const line = (amount: number, of: Record<string, unknown> = {}) => ({
  code: '001102000050000',
  date: '2026-09-01',
  unitPrice: String(amount * 10_000),
  quantity: '10000',
  amount: String(amount),
  restrictionMet: false,
  ...of,
});
const stay = (id: string, amount: number, of: Record<string, unknown> = {}) => ({
  bill: id,
  person: NANJING,
  insuredPlace: '320100',
  hospital: HOSPITAL,
  visit: 'inpatient',
  admission: '2026-09-01',
  discharge: '2026-09-10',
  emergency: false,
  disease: null,
  diagnoses: ['I63.900'],
  items: [line(amount)],
  total: String(amount),
  requested: '0',
  confirm: 'cashier',
  ...of,
});
const filed = (of: Record<string, unknown> = {}) => ({
  person: NANJING,
  kind: 'long-term',
  places: ['340000'],
  from: '2026-01-01',
  to: null,
  ...of,
});

function region(pick?: (count: number) => number): MemoryRegion {
  const made = new MemoryRegion(medicalSettlement, MEMBERS, NOON, pick);
  const hospital = {
    code: HOSPITAL,
    name: '合肥市示范第一人民医院',
    place: '340102',
    level: '3',
    inNetwork: true,
  };
  made.command(AH, registerInstitution, hospital);
  made.command(AH, registerInstitution, { ...hospital, code: 'H34010200002', inNetwork: false });
  made.command(JS, registerCoverage, person());
  made.command(AH, registerCoverage, person({ person: HEFEI, city: '340100' }));
  return made;
}
const state = (made: MemoryRegion, id: string) => made.record(AH, bill, id)?.state;
const present = (made: MemoryRegion, input: unknown) => made.command(AH, presentBill, input, ['cashier']);
const confirm = (made: MemoryRegion, id: string) => made.command(AH, confirmBill, { bill: id }, ['cashier']);

describe('a bill settled in two phases', () => {
  it('is priced under the insured place’s law, shown with its reasons, held, confirmed, and booked alike on both sides', () => {
    const made = region();
    expect(made.command(JS, declareFiling, filed())).toEqual({ state: 'done' });
    expect(present(made, stay('H34010200001-1', 8_000_000, { requested: '50000' }))).toEqual({
      state: 'done',
    });
    expect(state(made, 'H34010200001-1')).toBe('priced');
    const told = made.record(AH, receipt, 'H34010200001-1');
    // 1,000.00 deductible; 9,000.00 at 88 %, 70,000.00 at 93 %; 500.00 from the account.
    expect(told?.shares).toMatchObject({
      total: 8_000_000n,
      deductible: 100_000n,
      pool: 792_000n + 6_510_000n,
    });
    expect(told?.shares.personalAccount).toBe(50_000n);
    expect(told?.reasons.map((row) => row.code)).toContain('pool-band');
    const due = accounts.dueTo('340000');
    const [, js] = made.members;
    expect(js?.balance(due)).toMatchObject({ credit: 0n, heldCredit: 7_352_000n });
    expect(confirm(made, 'H34010200001-1')).toEqual({ state: 'done' });
    expect(made.record(AH, bill, 'H34010200001-1')).toMatchObject({ state: 'settled', period: '2026-09' });
    expect(js?.balance(due)).toMatchObject({ credit: 7_352_000n, heldCredit: 0n });
    expect(made.members[3]?.balance(accounts.dueFrom('320000')).debit).toBe(7_352_000n);
    expect(made.members[3]?.balance(accounts.hospital(HOSPITAL)).credit).toBe(7_352_000n);
    expect(made.record(JS, account, NANJING)?.available).toBe(50_000n);
    expect(made.record(JS, grounds, NANJING, '340000.H34010200001-1')?.reasons.length).toBeGreaterThan(3);
    expect(made.record(JS, settlement, NANJING, '340000.H34010200001-1')).toMatchObject({
      state: 'settled',
      number: 1,
    });
    expect(made.faults()).toEqual([]);
  });

  it('runs through by itself when the confirmation is automatic', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    expect(present(made, stay('auto', 500_000, { confirm: 'automatic' }))).toEqual({ state: 'done' });
    expect(state(made, 'auto')).toBe('settled');
    expect(made.faults()).toEqual([]);
  });

  it('is void when nobody confirms in time: the insured place and the hospital are told alike, and the sums come back', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    present(made, stay('late', 500_000, { requested: '1000' }));
    made.advance(31);
    expect(made.record(AH, bill, 'late')).toMatchObject({ state: 'void' });
    expect(confirm(made, 'late')).toMatchObject({ state: 'refused', code: 'bill-not-priced' });
    expect(made.record(JS, settlement, NANJING, '340000.late')?.state).toBe('void');
    expect(made.record(JS, yearSums, NANJING, '320100/310@2026-01-01')?.sums).toMatchObject({
      admissions: 0,
      pool: 0n,
    });
    expect(made.record(JS, account, NANJING)?.available).toBe(100_000n);
    expect(made.faults()).toEqual([]);
    expect(present(made, stay('late', 500_000))).toEqual({ state: 'done' });
    expect(confirm(made, 'late')).toEqual({ state: 'done' });
    expect(made.faults()).toEqual([]);
  });

  it('is freed by the insured place itself when the place of care is cut off', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    made.reachable(AH, false);
    // The command is given at the counter; the answer cannot come back.
    present(made, stay('cut', 500_000));
    expect(made.record(JS, settlement, NANJING, '340000.cut')?.state).toBe('held');
    made.advance(30 + 24 * 60 - 1);
    expect(made.record(JS, settlement, NANJING, '340000.cut')?.state).toBe('held');
    made.advance(1);
    expect(made.record(JS, settlement, NANJING, '340000.cut')?.state).toBe('void');
    made.reachable(AH, true);
    expect(made.faults()).toEqual([]);
    expect(['void', 'cancelling']).toContain(state(made, 'cut'));
  });

  it.for([
    { cutOff: 24 * 60, ends: 'settled', at: 'the last minute of the grace' },
    { cutOff: 24 * 60 + 1, ends: 'void', at: 'its end' },
  ])('confirmed in time is $ends at both places when the confirmation arrives at $at', ({ cutOff, ends }) => {
    const made = region();
    made.command(JS, declareFiling, filed());
    present(made, stay('slow', 500_000));
    made.advance(29);
    made.reachable(JS, false);
    expect(confirm(made, 'slow')).toEqual({ state: 'done' });
    expect(state(made, 'slow')).toBe('confirming');
    made.advance(cutOff);
    made.reachable(JS, true);
    expect(state(made, 'slow')).toBe(ends);
    expect(made.record(JS, settlement, NANJING, '340000.slow')?.state).toBe(ends);
    expect(made.faults()).toEqual([]);
  });

  it.for([
    { minute: 29, answer: { state: 'done' } },
    { minute: 31, answer: { state: 'refused', code: 'bill-not-priced' } },
  ])('is confirmed at the counter up to the time that was promised: minute $minute', ({ minute, answer }) => {
    const made = region();
    made.command(JS, declareFiling, filed());
    present(made, stay('edge', 500_000));
    made.advance(minute);
    expect(confirm(made, 'edge')).toMatchObject(answer);
    expect(made.faults()).toEqual([]);
  });

  it('can be given up at the counter', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    present(made, stay('no', 500_000));
    expect(made.command(AH, cancelBill, { bill: 'no' }, ['cashier'])).toEqual({ state: 'done' });
    expect(state(made, 'no')).toBe('void');
    made.advance(120);
    expect(made.faults()).toEqual([]);
  });

  it('waits while the insured place is unreachable, and goes on when it is back', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    made.reachable(JS, false);
    present(made, stay('wait', 500_000));
    made.advance(2);
    expect(state(made, 'wait')).toBe('waiting');
    made.reachable(JS, true);
    expect(state(made, 'wait')).toBe('priced');
    expect(made.faults()).toEqual([]);
  });

  it('inside one member is owed to the hospital itself', () => {
    const made = region();
    expect(present(made, stay('home', 500_000, { person: HEFEI, insuredPlace: '340100' }))).toEqual({
      state: 'done',
    });
    expect(confirm(made, 'home')).toEqual({ state: 'done' });
    const s = made.record(AH, settlement, HEFEI, '340000.home');
    expect(s).toMatchObject({ filingKind: 'local', state: 'settled' });
    expect(made.members[3]?.balance(accounts.hospital(HOSPITAL)).credit).toBe(s?.owed);
    expect(made.command(AH, reverseBill, { bill: 'home' }, ['cashier'])).toEqual({ state: 'done' });
    expect(made.faults()).toEqual([]);
  });

  it('of which no fund pays anything is settled without an entry, and counts as a stay', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    const items = [line(700, { code: '000000000000000' })];
    expect(present(made, stay('cash', 700, { items, confirm: 'automatic' }))).toEqual({ state: 'done' });
    expect(made.record(AH, bill, 'cash')).toMatchObject({ state: 'settled', owed: 0n, cash: 700n });
    expect(made.record(JS, yearSums, NANJING, '320100/310@2026-01-01')?.sums.admissions).toBe(1);
    expect(made.command(AH, reverseBill, { bill: 'cash' }, ['cashier'])).toEqual({ state: 'done' });
    expect(made.faults()).toEqual([]);
  });
});

describe('a settlement taken back', () => {
  const settled = (made: MemoryRegion, id: string, amount: number) => {
    present(made, stay(id, amount, { confirm: 'automatic' }));
    expect(state(made, id)).toBe('settled');
  };

  it('is booked the other way round, frees deductible and account, and is never settled again under its id', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    settled(made, 'r1', 900_000);
    settled(made, 'r2', 900_000);
    expect(made.command(AH, reverseBill, { bill: 'r1' }, ['cashier'])).toEqual({ state: 'done' });
    expect(made.record(AH, bill, 'r1')?.state).toBe('reversed');
    expect(made.record(JS, yearSums, NANJING, '320100/310@2026-01-01')).toMatchObject({
      accepted: 2,
      sums: { admissions: 1 },
    });
    expect(made.faults()).toEqual([]);
    expect(made.command(AH, reverseBill, { bill: 'r1' }, ['cashier'])).toMatchObject({
      code: 'bill-already-reversed',
    });
    expect(present(made, stay('r1', 900_000))).toMatchObject({ code: 'bill-exists' });
    settled(made, 'r3', 880_000);
    expect(made.record(AH, receipt, 'r3')?.nthAdmission).toBe(2);
    expect(made.faults()).toEqual([]);
  });

  it('waits for later ones where the insured place wants the latest first', () => {
    const made = region();
    const care = { ...stay('a', 900_000), person: HEFEI, insuredPlace: '340100', confirm: 'automatic' };
    present(made, care);
    present(made, { ...care, bill: 'a2' });
    expect(made.command(AH, reverseBill, { bill: 'a' }, ['cashier'])).toMatchObject({
      code: 'later-settlement-exists',
    });
    expect(state(made, 'a')).toBe('settled');
    expect(made.command(AH, reverseBill, { bill: 'a2' }, ['cashier'])).toEqual({ state: 'done' });
    expect(made.command(AH, reverseBill, { bill: 'a' }, ['cashier'])).toEqual({ state: 'done' });
    expect(made.faults()).toEqual([]);
  });

  it.each([
    ['unknown', 'bill-unknown'],
    ['open', 'bill-not-settled'],
  ])('is refused for a bill that is %s', (id, code) => {
    const made = region();
    made.command(JS, declareFiling, filed());
    present(made, stay('open', 500_000));
    expect(made.command(AH, reverseBill, { bill: id }, ['cashier'])).toMatchObject({
      state: 'refused',
      code,
    });
  });
});

describe('a bill that is not settled', () => {
  it.each([
    ['an unknown hospital', { hospital: 'H34010299999' }, 'hospital-unknown', '/hospital'],
    ['a discharge ahead', { discharge: '2026-09-16' }, 'discharge-in-future', '/discharge'],
    ['an unknown diagnosis', { diagnoses: ['I63.900', 'U99.900'] }, 'diagnosis-unknown', '/diagnoses/1'],
    ['a total that its lines do not make', { total: '1' }, 'total-mismatch', '/total'],
    ['no lines', { items: [], total: '0' }, 'claim-empty', '/items'],
    ['a stay that ends before it begins', { discharge: '2026-08-31' }, 'claim-dates-invalid', '/discharge'],
    ['nothing of an item', { items: [line(500_000, { quantity: '0' })] }, 'item-invalid', '/items/0'],
    [
      'a line after discharge',
      { items: [line(500_000, { date: '2026-09-11' })] },
      'item-date-outside-stay',
      '/items/0/date',
    ],
    [
      'an amount that is not price times quantity',
      { items: [line(500_000, { quantity: '20000' })] },
      'item-amount-mismatch',
      '/items/0/amount',
    ],
    ['a person unknown where they say', { insuredPlace: '310000' }, 'not-insured', '/person'],
    ['a person of another pool', { insuredPlace: '320500' }, 'not-insured', '/insuredPlace'],
    ['a hospital outside the network', { hospital: 'H34010200002' }, 'hospital-not-in-network', '/hospital'],
    [
      'a disease that is not certified',
      { visit: 'chronic', discharge: '2026-09-01', disease: 'M03900' },
      'disease-not-certified',
      '/person',
    ],
    [
      'a disease that is not listed',
      { visit: 'chronic', discharge: '2026-09-01', disease: 'M99999' },
      'disease-not-listed',
      '/disease',
    ],
    [
      'days before any policy',
      { admission: '2019-05-01', discharge: '2019-05-02', items: [line(500_000, { date: '2019-05-01' })] },
      'policy-not-in-force',
      undefined,
    ],
  ])('for %s', (_, change, code, at) => {
    const made = region();
    made.command(JS, declareFiling, filed());
    const answer = present(made, stay('x', 500_000, change));
    expect(answer).toMatchObject({ state: 'refused', code, ...(at === undefined ? {} : { at }) });
    const kept = state(made, 'x');
    expect(kept === undefined || kept === 'refused').toBe(true);
    expect(made.faults()).toEqual([]);
  });

  it('for want of a filing may be presented again once one is declared', () => {
    const made = region();
    made.command(
      SH,
      registerCoverage,
      person({ person: XUZHOU, city: '310000', status: 'retired', birthDate: '1950-05-20' }),
    );
    const input = stay('f', 500_000, { person: XUZHOU, insuredPlace: '310000' });
    expect(present(made, input)).toMatchObject({ state: 'refused', code: 'filing-required' });
    made.command(SH, declareFiling, filed({ person: XUZHOU, kind: 'temporary', from: '2026-09-10' }));
    expect(present(made, input)).toEqual({ state: 'done' });
    expect(made.record(AH, receipt, 'f')?.filingKind).toBe('temporary');
    expect(confirm(made, 'f')).toEqual({ state: 'done' });
    expect(made.faults()).toEqual([]);
  });

  it('is open already: the same id is not taken twice', () => {
    const made = region();
    made.command(JS, declareFiling, filed());
    present(made, stay('twice', 500_000));
    expect(present(made, stay('twice', 500_000))).toMatchObject({
      code: 'bill-exists',
      facts: { state: 'priced' },
    });
  });

  it.each([
    ['a wrong check digit', { person: `${NANJING.slice(0, 17)}${NANJING.endsWith('1') ? '2' : '1'}` }],
    ['a negative amount', { requested: '-1' }],
    ['a fraction of a fen', { total: '0.5' }],
    ['a number instead of text', { total: 500_000 }],
    ['an impossible day', { admission: '2026-02-30' }],
    ['a code of no form', { items: [line(1, { code: 'drug' })] }],
    ['an unknown field', { discount: '1' }],
    ['an insured place outside the region', { insuredPlace: '110000' }],
  ])('with %s never gets as far as the handler', (_, change) => {
    expect(presentBill.input.safeParse(stay('x', 500_000, change)).success).toBe(false);
    expect(presentBill.input.safeParse(stay('x', 500_000)).success).toBe(true);
  });
});

describe('a filing', () => {
  it('holds for six months when no end is stated, and ends when revoked', () => {
    const made = region();
    made.command(JS, declareFiling, filed({ kind: 'temporary', from: '2026-09-15' }));
    const declared = made.members[1]?.records(filing);
    const [one] = [...(declared ?? [])];
    expect(one).toMatchObject({ to: '2027-03-15', status: 'active', prefixes: ['34'] });
    expect(made.command(JS, revokeFiling, { person: NANJING, filing: one?.id })).toEqual({ state: 'done' });
    expect(made.command(JS, revokeFiling, { person: NANJING, filing: one?.id })).toMatchObject({
      code: 'filing-already-revoked',
    });
  });

  it.each([
    ['of somebody unknown', { person: XUZHOU }, ['clerk'], 'not-insured'],
    ['that ends before it begins', { to: '2025-12-31' }, ['clerk'], 'filing-ends-before-it-begins'],
    ['that is too short', { kind: 'temporary', to: '2026-06-30' }, ['clerk'], 'filing-too-short'],
    ['that the person dates back', {}, ['self'], 'filing-backdated'],
  ])('%s is refused', (_, change, roles, code) => {
    expect(region().command(JS, declareFiling, filed(change), roles)).toMatchObject({
      state: 'refused',
      code,
    });
  });

  it('of exactly the shortest period is taken', () => {
    const made = region();
    const input = filed({ kind: 'temporary', from: '2026-09-15', to: '2027-03-15' });
    expect(made.command(JS, declareFiling, input, ['self'])).toEqual({ state: 'done' });
  });
});

describe('the register', () => {
  it('opens an account once and credits it later', () => {
    const made = region();
    expect(made.command(JS, registerCoverage, person())).toMatchObject({ code: 'account-exists' });
    expect(made.command(JS, registerCoverage, person({ opening: '0', name: '王卫' }))).toEqual({
      state: 'done',
    });
    expect(made.command(JS, creditAccount, { person: NANJING, amount: '1' })).toEqual({ state: 'done' });
    expect(made.record(JS, account, NANJING)?.available).toBe(fen(100_001n));
    expect(made.command(JS, creditAccount, { person: NANJING, amount: '0' })).toMatchObject({
      code: 'amount-is-nothing',
    });
    expect(made.command(JS, creditAccount, { person: XUZHOU, amount: '1' })).toMatchObject({
      code: 'not-insured',
    });
    expect(made.faults()).toEqual([]);
  });

  it.each([
    [{ status: 'resident' }, 'scheme-does-not-fit'],
    [{ coverage: { from: '2026-01-01', to: '2025-12-31' } }, 'coverage-ends-before-it-begins'],
  ])('refuses %o', (change, code) => {
    expect(region().command(JS, registerCoverage, person(change))).toMatchObject({ state: 'refused', code });
  });

  it('of hospitals is known to every member', () => {
    expect(region().record(AH, institution, HOSPITAL)).toMatchObject({ level: '3', place: '340102' });
  });
});

describe('eligibility', () => {
  const asked = (of: Record<string, unknown> = {}) => ({
    inquiry: 'reg-1',
    person: NANJING,
    insuredPlace: '320100',
    hospital: HOSPITAL,
    visit: 'inpatient',
    day: '2026-09-15',
    emergency: false,
    disease: null,
    ...of,
  });
  const ask = (made: MemoryRegion, of?: Record<string, unknown>) =>
    made.command(AH, checkEligibility, asked(of), ['cashier']);

  it('tells title and reduction before treatment', () => {
    const made = region();
    expect(ask(made)).toEqual({ state: 'done' });
    expect(made.record(AH, eligibility, 'reg-1')).toMatchObject({
      state: 'entitled',
      filingKind: 'unfiled',
      mode: 'points',
      bp: 2_500,
    });
    made.command(JS, declareFiling, filed());
    ask(made, { inquiry: 'reg-2' });
    expect(made.record(AH, eligibility, 'reg-2')).toMatchObject({
      filingKind: 'long-term',
      mode: 'none',
      bp: 0,
    });
  });

  it('says why not', () => {
    const made = region();
    expect(ask(made, { insuredPlace: '330100' })).toMatchObject({ state: 'refused', code: 'not-insured' });
    expect(made.record(AH, eligibility, 'reg-1')).toMatchObject({
      state: 'refused',
      refusal: { code: 'not-insured' },
    });
    expect(ask(made, { hospital: 'H34010299999' })).toMatchObject({ code: 'hospital-unknown' });
  });

  it('says when the insured place cannot be reached', () => {
    const made = region();
    made.reachable(JS, false);
    ask(made);
    made.advance(2);
    expect(made.record(AH, eligibility, 'reg-1')?.state).toBe('unreachable');
  });
});

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe(`whatever the order in which messages arrive (seed ${seed})`, () => {
  const step = fc.record({
    what: fc.constantFrom('present', 'present', 'confirm', 'cancel', 'reverse', 'wait', 'cut', 'join'),
    bill: fc.constantFrom('b1', 'b2', 'b3', 'b4'),
    amount: fc.integer({ min: 1, max: 9_000_000 }),
    requested: fc.integer({ min: 0, max: 90_000 }),
    automatic: fc.boolean(),
    minutes: fc.constantFrom(1, 15, 30, 31, 61),
  });

  it('both places book the same, and every invariant holds at rest', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.integer(), (steps, chance) => {
        let turn = chance >>> 0;
        const made = region((count) => {
          turn = (Math.imul(turn, 1_664_525) + 1_013_904_223) >>> 0;
          return count === 0 ? 0 : turn % count;
        });
        made.command(JS, declareFiling, filed());
        for (const one of steps) run(made, one);
        made.reachable(JS, true);
        made.advance(30 + 24 * 60 + 300);
        expect(made.faults()).toEqual([]);
      }),
      { seed, numRuns: 150 },
    );
  });

  function run(
    made: MemoryRegion,
    one: {
      what: string;
      bill: string;
      amount: number;
      requested: number;
      automatic: boolean;
      minutes: number;
    },
  ) {
    const of = { bill: one.bill };
    const extra = { requested: String(one.requested), confirm: one.automatic ? 'automatic' : 'cashier' };
    if (one.what === 'present') present(made, stay(one.bill, one.amount, extra));
    else if (one.what === 'confirm') confirm(made, one.bill);
    else if (one.what === 'cancel') made.command(AH, cancelBill, of, ['cashier']);
    else if (one.what === 'reverse') made.command(AH, reverseBill, of, ['cashier']);
    else if (one.what === 'wait') made.advance(one.minutes);
    else made.reachable(JS, one.what === 'join');
  }
});
