import {
  addDays,
  ageOn,
  cities,
  citizenIdCheckCharacter,
  cityOf,
  countiesOf,
  type Day,
  f,
  type Member,
} from '@yitong/kit';
import type { Scheme } from '../law/pools.ts';
import { spread } from '../law/spread.ts';

/** A made-up resident with a valid citizen number of a real division. */
export interface Resident {
  readonly person: string;
  readonly name: string;
  readonly city: string;
  readonly scheme: Scheme;
  readonly status: 'employed' | 'retired' | 'resident';
  readonly birthDate: Day;
  readonly category: 'extreme-poverty' | 'low-income' | null;
  readonly civilServant: boolean;
  readonly coverage: { readonly from: Day; readonly to: Day | null };
  readonly chronic: readonly { readonly code: string; readonly from: Day; readonly to: null }[];
  /** Fen in the personal account. */
  readonly opening: number;
  /** A declaration of care elsewhere, of three people in five. */
  readonly filing:
    | {
        readonly kind: 'long-term' | 'referral' | 'temporary';
        readonly places: readonly string[];
        readonly from: Day;
        readonly to: Day | null;
      }
    | undefined;
}

/** A resident by place in the list of a member, and the seed of the whole. */
export interface ResidentKey {
  readonly member: Member;
  readonly index: number;
  readonly seed: number;
}

const FIRST_BIRTH: Day = '1936-01-01';
const BIRTH_DAYS = 29_219; // up to 2015-12-31
const STEP = 10_007; // shares no divisor with the number of days, so that days repeat as late as possible
const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈',
];
const given = [
  ...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉云鹏玲华建国红梅春生志海燕晨宇浩欣怡佳雨思涵子轩',
];
/** The day on which the made-up people's ages are reckoned. */
const TODAY: Day = '2026-01-01';

const counties = new Map<Member, readonly string[]>();

/** The resident at a place of a member's list: the same for the same seed, and no two with one number (up to 10 million a member). */
export function residentOf(key: ResidentKey): Resident {
  const chance = (what: string, of: number) => spread(`${key.seed} ${key.member} ${key.index} ${what}`) % of;
  const { person, birthDate, county } = numberOf(key);
  const age = ageOn(birthDate, TODAY);
  const employee = age >= 60 ? chance('scheme', 10) < 6 : age >= 18 && chance('scheme', 10) < 7;
  const scheme = employee ? '310' : '390';
  const ended = chance('ended', 100) === 0;
  const from: Day = birthDate > '2020-01-01' ? birthDate : '2020-01-01';
  return {
    person,
    name: `${surnames[chance('surname', surnames.length)]}${given[chance('given', given.length)]}${chance('two', 2) ? given[chance('second', given.length)] : ''}`,
    city: cityOf(county) ?? key.member,
    scheme,
    status: employee ? (age >= 60 ? 'retired' : 'employed') : 'resident',
    birthDate,
    category: categoryOf(chance('category', 200)),
    civilServant: employee && chance('civil', 20) === 0,
    coverage: { from, to: ended ? '2025-12-31' : null },
    chronic: chronicOf(age, chance('chronic', 100)),
    opening: employee ? 50_000 + chance('opening', 750_000) : 0,
    filing: filingOf(key, chance),
  };
}

/** How many of a member's first residents have a filing, whatever the seed. */
export function filingsAmong(scale: number): number {
  return Math.floor(scale / 5) * 3 + Math.min(scale % 5, 3);
}

/** Place → number, one to one: county and day of birth go round with the place, the serial counts the rounds. */
function numberOf({ member, index, seed }: ResidentKey): { person: string; birthDate: Day; county: string } {
  const own = countiesIn(member);
  const county = own[index % own.length] ?? `${member.slice(0, 2)}0101`;
  const turn = Math.floor(index / own.length);
  const shift = spread(`${seed} ${county}`);
  const birthDate = addDays(FIRST_BIRTH, (turn * STEP + shift) % BIRTH_DAYS);
  const serial = (Math.floor(turn / BIRTH_DAYS) + (spread(`${county} ${birthDate}`) % 1_000)) % 1_000;
  const body = `${county}${birthDate.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  return { person: f.citizenId.parse(body + citizenIdCheckCharacter(body)), birthDate, county };
}

function countiesIn(member: Member): readonly string[] {
  const known = counties.get(member);
  if (known !== undefined) return known;
  const own = cities.filter((city) => city.member === member || city.code === member);
  const all = own.flatMap((city) => countiesOf(city.code).map((county) => county.code));
  counties.set(member, all);
  return all;
}

function categoryOf(place: number): Resident['category'] {
  if (place === 0) return 'extreme-poverty';
  return place < 5 ? 'low-income' : null;
}

function chronicOf(age: number, place: number): Resident['chronic'] {
  if (age < 45) return [];
  const code = place < 8 ? 'M03900' : place < 13 ? 'M01600' : undefined;
  return code === undefined ? [] : [{ code, from: '2024-01-01', to: null }];
}

function filingOf(key: ResidentKey, chance: (what: string, of: number) => number): Resident['filing'] {
  if (key.index % 5 >= 3) return undefined;
  const others = (['310000', '320000', '330000', '340000'] as const).filter((one) => one !== key.member);
  const place = others[chance('place', others.length)] ?? '340000';
  const kind = chance('kind', 10);
  if (kind < 3) return { kind: 'long-term', places: [place], from: '2025-03-01', to: null };
  const ended = chance('late', 6) === 0;
  const last: Day = ended ? '2026-07-31' : '2026-12-31';
  return { kind: kind < 5 ? 'referral' : 'temporary', places: [place], from: '2026-01-01', to: last };
}
