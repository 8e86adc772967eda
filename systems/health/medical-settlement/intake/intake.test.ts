import { cityOf, isDay, type Member, memberOf, members } from '@yitong/kit';
import { describe, expect, it } from 'vitest';
import { demonstrationBills } from '../demo/bills.ts';
import { demonstration } from '../demo/demonstration.ts';
import { hospitalsOf } from '../demo/hospitals.ts';
import { filingsAmong, residentOf } from '../demo/residents.ts';
import { registerCoverage } from '../insured.ts';
import { presentBill } from '../visit.ts';
import { billsIntake } from './bills.ts';
import { fhirIntake } from './fhir.ts';

const AH: Member = '340000';
const options = {
  member: AH,
  insured: ['310000', '320000', '330000'],
  count: 400,
  scale: 2_000,
  seed: 1,
} as const;
const people = { members: members.map(({ code }) => code), scale: 2_000, seed: 1 };
const bills = [...demonstrationBills(options)];

describe('made-up residents', () => {
  it('have valid numbers of real divisions, no two the same', () => {
    for (const { code } of members) {
      const people = Array.from({ length: 5_000 }, (_, index) =>
        residentOf({ member: code, index, seed: 1 }),
      );
      expect(new Set(people.map((one) => one.person)).size).toBe(5_000);
      for (const one of people.slice(0, 300)) {
        const { filing: _, opening, ...insured } = one;
        expect(registerCoverage.input.safeParse({ ...insured, opening: String(opening) }).success).toBe(true);
        expect(memberOf(one.person.slice(0, 6))).toBe(code);
        expect(cityOf(one.person.slice(0, 6))).toBe(one.city);
      }
    }
  });

  it('stay apart at 200,000 a member', () => {
    const people = new Set<string>();
    for (let index = 0; index < 200_000; index += 1)
      people.add(residentOf({ member: '310000', index, seed: 3 }).person);
    expect(people.size).toBe(200_000);
  });

  it('are as many commands as counted, all of them fit to be given', () => {
    const context = { member: AH, scale: 203, seed: 1 };
    const commands = [...demonstration.commands(context)];
    expect(commands).toHaveLength(demonstration.count(context));
    expect(commands).toHaveLength(hospitalsOf(AH).length + 203 + filingsAmong(203));
    for (const { command, input, role } of commands) {
      expect(command.input.safeParse(input).error?.issues).toBeUndefined();
      expect(command.by).toContain(role);
    }
  });
});

describe('made-up bills', () => {
  it('are fit to be presented, each under its own id, by hospitals that exist, for people of the other members', () => {
    const hospitals = new Set(hospitalsOf(AH).map((one) => one.code));
    expect(new Set(bills.map((one) => one.bill)).size).toBe(bills.length);
    for (const one of bills) {
      expect(presentBill.input.safeParse(one).error?.issues).toBeUndefined();
      expect(hospitals.has(String(one['hospital']))).toBe(true);
      expect(memberOf(String(one['insuredPlace']))).not.toBe(AH);
    }
  });

  it('with a seed of their own are other bills of the same people', () => {
    const people = new Set(
      options.insured.flatMap((member) =>
        Array.from({ length: 2_000 }, (_, index) => residentOf({ member, index, seed: 1 }).person),
      ),
    );
    const others = [...demonstrationBills({ ...options, lineSeed: 2 })];
    expect(others.map(({ bill }) => bill).filter((one) => bills.some(({ bill }) => bill === one))).toEqual(
      [],
    );
    expect(others.filter((one) => !people.has(String(one['person'])))).toEqual([]);
  });

  it('are the same for the same seed', () => {
    expect([...demonstrationBills(options)]).toEqual(bills);
    expect([...demonstrationBills({ ...options, seed: 2 })]).not.toEqual(bills);
  });
});

describe('the import of bills', () => {
  const [first = { bill: '' }] = bills;
  const read = (line: unknown) => billsIntake.read(line, { ...people, member: AH })[0];

  it('takes amounts as text or as whole numbers, and fills in what may be left out', () => {
    const { emergency: _, disease: __, confirm: ___, ...bare } = first as Record<string, unknown>;
    const line = read({ ...bare, total: Number(bare['total']) });
    expect(line).toMatchObject({ ok: true, key: first.bill });
    expect(line?.ok && presentBill.input.parse(line.input)).toEqual(
      presentBill.input.parse({ ...first, emergency: false }),
    );
  });

  it.each([
    ['a wrong check digit', { person: '320102198505201230' }, '/person'],
    ['a fraction of a fen', { total: 10.5 }, '/total'],
    ['an impossible day', { admission: '2026-13-01' }, '/admission'],
    ['no lines at all', { items: undefined }, '/items'],
    ['an unknown field', { diagnosis: 'I10' }, '/diagnosis'],
    ['an insured place outside the region', { insuredPlace: '110000' }, '/insuredPlace'],
  ])('says of %s which field, why and what to do', (_, change, field) => {
    const line = read({ ...first, ...change });
    expect(line).toMatchObject({ ok: false, field });
    expect(line?.ok === false && line.reason !== '' && line.remedy !== '').toBe(true);
  });

  it('says of a line that is no object that it is none', () => {
    expect(read([1])).toMatchObject({ ok: false, field: '' });
  });
});

describe('the import of FHIR claims', () => {
  const coding = (system: string, code: string) => ({ coding: [{ system, code }] });
  const snomed = 'http://snomed.info/sct';
  const claim = {
    resourceType: 'Claim',
    id: 'a93b70f2-c9a6-4dbd-9ed6-8f7c350f85af',
    status: 'active',
    patient: { reference: 'urn:uuid:d78af07c' },
    provider: { reference: 'urn:uuid:6f122869' },
    billablePeriod: { start: '2012-02-29T15:29:24+00:00', end: '2012-02-29T15:44:24+00:00' },
    item: [
      { sequence: 1, productOrService: coding(snomed, '185349003') },
      {
        sequence: 2,
        productOrService: coding('http://hl7.org/fhir/sid/cvx', '140'),
        net: { value: 140.52, currency: 'USD' },
      },
      { sequence: 3, productOrService: coding(snomed, '38341003') },
    ],
    total: { value: 265.52, currency: 'USD' },
  };
  const read = (line: unknown) => fhirIntake.read(line, { ...people, member: AH });

  it('maps codes, days and dollars', () => {
    const [line] = read(claim);
    expect(line).toMatchObject({
      ok: true,
      key: claim.id,
      input: {
        visit: 'outpatient',
        admission: '2025-02-28',
        discharge: '2025-02-28',
        diagnoses: ['I10'],
        total: '185864',
        items: [
          { code: '001102000010000', amount: '87500' },
          { code: '000000000000000', amount: '98364' },
        ],
      },
    });
    expect(line?.ok && presentBill.input.safeParse(line.input).success).toBe(true);
  });

  it('takes every claim of a bundle, and leaves other resources alone', () => {
    const bundle = {
      resourceType: 'Bundle',
      entry: [{ resource: { resourceType: 'Patient' } }, { resource: claim }],
    };
    expect(read(bundle)).toHaveLength(1);
    expect(read({ resourceType: 'Patient', id: 'x' })).toEqual([]);
    expect(fhirIntake.accepts({ resourceType: 'Patient' })).toBe(true);
    expect(billsIntake.accepts(claim)).toBe(false);
  });

  it.each([
    [
      'a code that is not in the table',
      { item: [{ productOrService: coding(snomed, '1') }] },
      '/item/0/productOrService',
    ],
    ['euros', { total: { value: 1, currency: 'EUR' } }, '/total'],
    ['lines of more than the total', { total: { value: 1, currency: 'USD' } }, '/total'],
    ['a claim that is cancelled', { status: 'cancelled' }, '/status'],
    ['a period of no days', { billablePeriod: { start: 'soon', end: 'later' } }, '/billablePeriod'],
  ])('says of %s which field, why and what to do', (_, change, field) => {
    expect(read({ ...claim, ...change })[0]).toMatchObject({ ok: false, field });
  });

  it('spreads patients among the people of the region at hand', () => {
    const region = { members: ['310000', AH], scale: 3, seed: 7 };
    const there = [0, 1, 2].map((index) => residentOf({ member: '310000', index, seed: 7 }).person);
    const persons = Array.from({ length: 40 }, (_, patient) => {
      const line = { ...claim, patient: { reference: `urn:uuid:${patient}` } };
      const [read] = fhirIntake.read(line, { ...region, member: AH });
      return read?.ok ? presentBill.input.parse(read.input).person : '';
    });
    expect(new Set(persons)).toEqual(new Set(there));
  });

  it('gives days that exist', () => {
    const [line] = read({
      ...claim,
      billablePeriod: { start: '1996-12-31T10:00:00Z', end: '1997-01-02T10:00:00Z' },
    });
    const input = line?.ok ? presentBill.input.parse(line.input) : undefined;
    expect(isDay(input?.admission ?? '')).toBe(true);
    expect(input?.admission).toBe('2025-12-31');
  });
});
