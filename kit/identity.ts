import { type Day, isDay } from './time.ts';

/** Why an identity number of 18 characters is refused, in order of precedence. */
export type CitizenIdFault = 'format' | 'division' | 'birth-date' | 'check-digit';
/** What an identity number tells, or why it is none. */
export type CitizenIdCheck =
  | {
      readonly ok: true;
      /** The number in its canonical form: ASCII digits and a capital X. */
      readonly id: string;
      /** Citizens and residents of Hong Kong, Macao and Taiwan, or foreigners with permanent residence. */
      readonly holder: 'citizen' | 'hong-kong' | 'macao' | 'taiwan' | 'foreigner';
      readonly birth: Day;
      /** By the serial number; a person's record may differ after a correction. */
      readonly sex: 'male' | 'female';
      /** GB/T 2260 code of the place of first registration, perhaps abolished since; of a foreigner only the province is kept. */
      readonly division: string;
    }
  | { readonly ok: false; readonly reason: CitizenIdFault };

/** Why a unified social credit code is refused, in order of precedence. */
export type CreditCodeFault = 'format' | 'check-digit';
/** What a credit code tells, or why it is none. */
export type CreditCodeCheck =
  | {
      readonly ok: true;
      readonly code: string;
      /** Registering authority and kind of organisation, one character each. */
      readonly registry: string;
      /** GB/T 2260 code of the place of first registration; it does not follow a move. */
      readonly division: string;
      /** Organisation code with its GB 11714 check character, such as 'M000100Y-4'. 组织机构代码 */
      readonly organisation: string;
      /** One of the codes of the early trial, whose check character is wrong and which are in use. */
      readonly trial: boolean;
    }
  | { readonly ok: false; readonly reason: CreditCodeFault };

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const ID_CHECKS = '10X98765432';
const ID_FORMAT = /^[1-9][0-9]{16}[0-9X]$/;
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_FORMAT = /^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;
const OLDEST_BIRTH: Day = '1850-01-01';

/** Provinces of GB/T 2260, and 81–83 of the residence permits for Hong Kong, Macao and Taiwan residents. */
const ID_PROVINCES: ReadonlySet<string> = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
);

/** Credit codes of the early trial, really in use although their check character is wrong (published by their holders' registers). */
export const trialCreditCodes: readonly string[] = [
  '91350100M0001TGQXM',
  '91350211M0000XUF46',
  '91350203M0001FUE2P',
];

/** Turns full-width digits and letters into ASCII ones and small letters into capitals; other characters stay. */
export function canonicalCode(text: string): string {
  if (/^[0-9A-Z]*$/.test(text)) return text;
  return text.replace(/[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/g, narrow).toUpperCase();
}

/** The check character of the first 17 digits (GB 11643, ISO 7064 MOD 11-2); throws RangeError unless there are 17 digits. */
export function citizenIdCheckCharacter(body17: string): string {
  if (!/^[0-9]{17}$/.test(body17)) throw new RangeError('the body of an identity number has 17 digits');
  let total = 0;
  for (let i = 0; i < 17; i++) total += (ID_WEIGHTS[i] ?? 0) * (body17.charCodeAt(i) - 48);
  return ID_CHECKS.charAt(total % 11);
}

/**
 * Checks a citizen's identity number (公民身份号码, GB 11643) or a number of the same form: residence permits of Hong Kong, Macao and
 * Taiwan residents, permanent residence of foreigners (9…). Takes a small x and full-width digits. Division codes are historical
 * and not looked up; births lie from 1850 to `on`, when given.
 */
export function checkCitizenId(text: string, on?: Day): CitizenIdCheck {
  const id = canonicalCode(text);
  if (!ID_FORMAT.test(id)) return { ok: false, reason: 'format' };
  const foreigner = id.startsWith('9');
  const province = foreigner ? id.slice(1, 3) : id.slice(0, 2);
  if (!ID_PROVINCES.has(province)) return { ok: false, reason: 'division' };
  const birth = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  if (!isDay(birth) || birth < OLDEST_BIRTH || (on !== undefined && birth > on))
    return { ok: false, reason: 'birth-date' };
  if (citizenIdCheckCharacter(id.slice(0, 17)) !== id.charAt(17)) return { ok: false, reason: 'check-digit' };
  return {
    ok: true,
    id,
    holder: holderOf(id),
    birth,
    sex: Number(id.charAt(16)) % 2 === 1 ? 'male' : 'female',
    division: foreigner ? `${province}0000` : id.slice(0, 6),
  };
}

/** The 18-character number of an old one with 15 digits: `19` before the year, check character behind. Throws RangeError on another form. */
export function citizenIdFrom15(id15: string): string {
  if (!/^[1-9][0-9]{14}$/.test(id15)) throw new RangeError('an old identity number has 15 digits');
  const body17 = `${id15.slice(0, 6)}19${id15.slice(6)}`;
  return body17 + citizenIdCheckCharacter(body17);
}

/** The check character of the first 17 characters of a credit code (GB 32100); throws RangeError on another alphabet or length. */
export function creditCodeCheckCharacter(body17: string): string {
  if (!/^[0-9A-HJ-NPQRTUWXY]{17}$/.test(body17))
    throw new RangeError('the body of a credit code has 17 characters without I O S V Z');
  let total = 0;
  let weight = 1; // 3^(i - 1) mod 31
  for (const character of body17) {
    total += CREDIT_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_ALPHABET.charAt((31 - (total % 31)) % 31);
}

/** The check character of an organisation code's eight (GB 11714); throws RangeError on another alphabet or length. */
export function organisationCheckCharacter(body8: string): string {
  if (!/^[0-9A-Z]{8}$/.test(body8))
    throw new RangeError('the body of an organisation code has 8 digits or capitals');
  const total = ORGANISATION_WEIGHTS.reduce(
    (all, weight, i) => all + weight * Number.parseInt(body8.charAt(i), 36),
    0,
  );
  const check = 11 - (total % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

/**
 * Checks a unified social credit code (统一社会信用代码, GB 32100). A code of `exceptions` passes in spite of its check character and is
 * told apart by `trial`; give `trialCreditCodes` there, or nothing for the standard alone.
 */
export function checkCreditCode(text: string, exceptions: readonly string[] = []): CreditCodeCheck {
  const code = canonicalCode(text);
  if (!CREDIT_FORMAT.test(code)) return { ok: false, reason: 'format' };
  const standard = creditCodeCheckCharacter(code.slice(0, 17)) === code.charAt(17);
  if (!standard && !exceptions.includes(code)) return { ok: false, reason: 'check-digit' };
  return {
    ok: true,
    code,
    registry: code.slice(0, 2),
    division: code.slice(2, 8),
    organisation: `${code.slice(8, 16)}-${code.charAt(16)}`,
    trial: !standard,
  };
}

/** An identity number for lists: the first six and last four characters stay, so the day of birth does not show; others wholly masked. */
export function maskCitizenId(id: string): string {
  return id.length === 18 ? `${id.slice(0, 6)}********${id.slice(14)}` : '*'.repeat(id.length);
}

/** A person's name for lists: only the first character stays (张三丰 → 张**); one character alone is masked. */
export function maskName(name: string): string {
  const [first, ...rest] = [...name];
  if (first === undefined) return '';
  return rest.length === 0 ? '*' : first + '*'.repeat(rest.length);
}

function holderOf(id: string): 'citizen' | 'hong-kong' | 'macao' | 'taiwan' | 'foreigner' {
  if (id.startsWith('9')) return 'foreigner';
  if (id.startsWith('81')) return 'hong-kong';
  if (id.startsWith('82')) return 'macao';
  return id.startsWith('83') ? 'taiwan' : 'citizen';
}

function narrow(wide: string): string {
  return String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
}
