import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type CitizenIdFault,
  canonicalCode,
  checkCitizenId,
  checkCreditCode,
  citizenIdCheckCharacter,
  citizenIdFrom15,
  creditCodeCheckCharacter,
  maskCitizenId,
  maskName,
  organisationCheckCharacter,
  trialCreditCodes,
} from './identity.ts';
import { addDays } from './time.ts';

const seed = 20_260_101;

describe('identity numbers', () => {
  test.for<readonly [string, 'ok' | CitizenIdFault]>([
    ['11010519491231002X', 'ok'],
    ['310101200002290015', 'ok'],
    ['320106198505201233', 'ok'],
    ['330106197001014562', 'ok'],
    ['340104199908316786', 'ok'],
    ['320583201511120033', 'ok'],
    ['911124198108030024', 'ok'],
    ['320106198505201234', 'check-digit'],
    ['310101190002290015', 'birth-date'],
    ['11010519491231002', 'format'],
    ['11010519491231002XX', 'format'],
    ['1101051949123100AX', 'format'],
    ['01010519491231002X', 'format'],
    ['', 'format'],
    ['990105194912310023', 'division'],
    ['160105194912310023', 'division'],
  ])('%s: %s', ([id, expected]) => {
    const check = checkCitizenId(id);
    expect(check.ok ? 'ok' : check.reason).toBe(expected);
  });

  it('tells birth, sex, division and holder', () => {
    expect(checkCitizenId('11010519491231002X')).toEqual({
      ok: true,
      id: '11010519491231002X',
      holder: 'citizen',
      birth: '1949-12-31',
      sex: 'female',
      division: '110105',
    });
    expect(checkCitizenId('830000196304116769')).toMatchObject({
      holder: 'taiwan',
      sex: 'female',
      birth: '1963-04-11',
    });
    expect(checkCitizenId('911124198108030024')).toMatchObject({
      holder: 'foreigner',
      division: '110000',
      birth: '1981-08-03',
    });
  });

  it('takes a small x and full-width characters and answers in the canonical form', () => {
    for (const text of ['11010519491231002x', '１１０１０５１９４９１２３１００２Ｘ', '11010519491231002ｘ'])
      expect(checkCitizenId(text)).toMatchObject({ ok: true, id: '11010519491231002X' });
    expect(canonicalCode('ａb９')).toBe('AB9');
  });

  it('refuses a birth before 1850, and after the day when one is given', () => {
    const withCheck = (body: string): string => body + citizenIdCheckCharacter(body);
    expect(checkCitizenId(withCheck('31010118500101001'))).toMatchObject({ ok: true });
    expect(checkCitizenId(withCheck('31010118491231001'))).toEqual({ ok: false, reason: 'birth-date' });
    expect(checkCitizenId('310101200002290015', '2000-02-29')).toMatchObject({ ok: true });
    expect(checkCitizenId('310101200002290015', '2000-02-28')).toEqual({ ok: false, reason: 'birth-date' });
  });

  it('finds every single wrong digit and every swap of neighbours', () => {
    const body = fc
      .tuple(
        fc.constantFrom('310101', '320583', '330106', '340104'),
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer({ min: 0, max: 999 }),
      )
      .map(
        ([division, n, serial]) =>
          division + addDays('1910-01-01', n).replaceAll('-', '') + String(serial).padStart(3, '0'),
      );
    fc.assert(
      fc.property(body, fc.nat(17), fc.integer({ min: 1, max: 9 }), (body17, at, shift) => {
        const id = body17 + citizenIdCheckCharacter(body17);
        expect(checkCitizenId(id).ok).toBe(true);
        const digit = id.charAt(at) === 'X' ? '3' : String((Number(id.charAt(at)) + shift) % 10);
        expect(checkCitizenId(id.slice(0, at) + digit + id.slice(at + 1)).ok).toBe(false);
        const swapped = id.slice(0, at) + id.charAt(at + 1) + id.charAt(at) + id.slice(at + 2);
        if (at < 17 && swapped !== id) expect(checkCitizenId(swapped).ok).toBe(false);
      }),
      { seed },
    );
  });

  it('refuses bodies of another form', () => {
    expect(() => citizenIdCheckCharacter('1101051949123100')).toThrow(RangeError);
    expect(() => citizenIdFrom15('11010519491231002X')).toThrow(RangeError);
  });
});

describe('credit codes', () => {
  it('tells registry, division and organisation', () => {
    expect(checkCreditCode('91350100M000100Y43')).toEqual({
      ok: true,
      code: '91350100M000100Y43',
      registry: '91',
      division: '350100',
      organisation: 'M000100Y-4',
      trial: false,
    });
  });

  test.for(['91350100M000100Y43', '91110000802100433B', '9144030071526726XG'])('%s passes', (code) => {
    const check = checkCreditCode(code.toLowerCase());
    expect(check).toMatchObject({ ok: true, code });
    if (check.ok) expect(organisationCheckCharacter(code.slice(8, 16))).toBe(check.organisation.slice(-1));
  });

  test.for(['', '91350100M000100Y4', '91350100I000100Y43', '91350100M000100Y433', '913501OOM000100Y43'])(
    '%j has a wrong form',
    (code) => {
      expect(checkCreditCode(code)).toEqual({ ok: false, reason: 'format' });
    },
  );

  test.for(trialCreditCodes)('%s of the early trial passes by the list alone', (code) => {
    expect(checkCreditCode(code)).toEqual({ ok: false, reason: 'check-digit' });
    expect(checkCreditCode(code, trialCreditCodes)).toMatchObject({ ok: true, trial: true });
  });

  it('finds every single wrong character', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    const character = fc.constantFrom(...alphabet);
    const body = fc.tuple(
      fc.constantFrom('310101', '330200'),
      fc.array(character, { minLength: 9, maxLength: 9 }),
    );
    fc.assert(
      fc.property(body, fc.nat(9), character, ([division, organisation], at, wrong) => {
        const body17 = `91${division}${organisation.join('')}`;
        const code = body17 + creditCodeCheckCharacter(body17);
        expect(checkCreditCode(code)).toMatchObject({ ok: true, trial: false });
        const changed = code.slice(0, 8 + at) + wrong + code.slice(9 + at);
        if (changed !== code) expect(checkCreditCode(changed)).toEqual({ ok: false, reason: 'check-digit' });
      }),
      { seed },
    );
  });

  it('refuses bodies of another form', () => {
    expect(() => creditCodeCheckCharacter('91350100M000100YI')).toThrow(RangeError);
    expect(() => organisationCheckCharacter('M000100')).toThrow(RangeError);
  });
});

describe('masks', () => {
  it('hides the birth date of an identity number', () => {
    expect(maskCitizenId('11010519491231002X')).toBe('110105********002X');
    expect(maskCitizenId('H12345678')).toBe('*********');
  });

  test.for<readonly [string, string]>([
    ['张三丰', '张**'],
    ['欧阳', '欧*'],
    ['张', '*'],
    ['𠮷田', '𠮷*'],
    ['', ''],
  ])('%s becomes %s', ([name, expected]) => {
    expect(maskName(name)).toBe(expected);
  });
});
