import { type Fen, fen, type Member } from '@yitong/kit';
import { type CodedItem, codedItems } from '../data/code-lists.ts';
import type { CatalogueItem } from '../rules/types.ts';
import { spread } from './spread.ts';

/** A member's catalogue of what is paid (就医地目录), whichever of its places the care was given in. */
export interface MemberCatalogue {
  readonly id: string;
  readonly items: readonly CatalogueItem[];
}

/** Yuan of a unit, lowest and highest, by the beginning of the code; the first that fits. Demonstration values. */
const prices: readonly (readonly [prefix: string, low: number, high: number])[] = [
  ['001102', 8, 60],
  ['001109', 35, 320],
  ['0012', 5, 80],
  ['0021', 60, 700],
  ['0022', 40, 260],
  ['0023', 80, 900],
  ['0025', 6, 180],
  ['0031', 20, 900],
  ['0033', 300, 6_500],
  ['004', 15, 160],
  ['0', 20, 400],
  ['X', 4, 240],
  ['Z', 6, 90],
];

/** How far above the ordinary price a member's cap lies, in percent. Demonstration values. */
const capLevels: Readonly<Record<string, number>> = {
  '310000': 130,
  '320000': 120,
  '330000': 125,
  '340000': 110,
};
const UPFRONT = [500, 1_000, 1_500, 2_000] as const;

/** The ordinary price of a unit in fen, the same everywhere. Demonstration value. */
export function ordinaryPrice(code: string): Fen {
  const [, low, high] = prices.find(([prefix]) => code.startsWith(prefix)) ?? ['', 10, 100];
  const cents = low * 100 + (spread(`price ${code}`) % ((high - low) * 100));
  // Prices of hospitals end in whole jiao.
  return fen(BigInt(Math.round(cents / 10) * 10));
}

/**
 * A member's demonstration catalogue: real codes and names, with class, upfront share, price cap and restriction made up by rule, small
 * differences between members, and one item in twenty changed at the turn of 2026. Its id says so in every reason that cites it.
 */
export function demonstrationCatalogue(member: Member): MemberCatalogue {
  const items = codedItems.flatMap((item) => entriesOf(item, member));
  return { id: `YT-${member}-demo`, items };
}

function entriesOf(item: CodedItem, member: Member): CatalogueItem[] {
  const now = entryOf(item, member);
  if (spread(`change ${item.code}`) % 20 !== 0) return [now];
  const before: CatalogueItem = { ...now, ...classOf(`${item.code} before`), to: '2025-12-31' };
  return [before, { ...now, from: '2026-01-01' }];
}

function entryOf({ code, name, restrictions }: CodedItem, member: Member): CatalogueItem {
  const inpatientOnly =
    code.startsWith('001109') || code === '001102000050000' || restrictions.includes('就医方式');
  const restricted = restrictions.some((kind) => ['支付疗程', '机构等级', '险种'].includes(kind));
  // Members differ in the class of one item in twenty-five.
  const differs = spread(`${member} ${code}`) % 25 === 0;
  return {
    code,
    name,
    ...(code.startsWith('001102') ? classA : classOf(differs ? `${member} ${code}` : code)),
    priceCap: capOf(code, member),
    from: '2024-01-01',
    to: null,
    restricted: restricted || spread(`restricted ${code}`) % 50 === 0,
    onlyVisits: inpatientOnly ? ['inpatient'] : null,
  };
}

const classA = { class: 'A', upfrontBp: 0 } as const;

function classOf(key: string): Pick<CatalogueItem, 'class' | 'upfrontBp'> {
  const place = spread(`class ${key}`) % 100;
  if (place < 62) return classA;
  if (place >= 93) return { class: 'C', upfrontBp: 0 };
  return { class: 'B', upfrontBp: UPFRONT[place % 4] ?? 1_000 };
}

/** Three items in ten have a cap. */
function capOf(code: string, member: Member): Fen | null {
  if (spread(`cap ${code}`) % 10 >= 3) return null;
  return fen((ordinaryPrice(code) * BigInt(capLevels[member] ?? 120)) / 100n);
}
