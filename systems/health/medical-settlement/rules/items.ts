import { atLeastZero, round, WHOLE } from './amounts.ts';
import { contains } from './dates.ts';
import { refused } from './refusals.ts';
import type { Refused } from './result.ts';
import type { Catalogue, CatalogueItem, Claim, ClaimItem, Visit } from './types.ts';

/** How the catalogue treats a line; all but the last are out of scope in full. */
export type Treatment =
  | 'item-not-in-catalogue'
  | 'class-c'
  | 'not-for-visit-type'
  | 'restriction-not-met'
  | 'in-catalogue';

/** Lines of one code, one catalogue entry and one treatment, which round together; amounts in fen. */
export interface ItemGroup {
  readonly code: string;
  readonly entry: CatalogueItem | undefined;
  readonly treatment: Treatment;
  amount: bigint;
  /** Σ max(0, amount − price cap × quantity), in 1/10,000 fen. */
  excess: bigint;
  overPriceCap: bigint;
  upfront: bigint;
}

type Index = ReadonlyMap<string, readonly CatalogueItem[]>;
const indexes = new WeakMap<Catalogue['items'], Index>();

/** For each line the catalogue entry valid on its day; two of them are a conflict. */
export function entriesOf(
  catalogue: Catalogue,
  claim: Claim,
): readonly (CatalogueItem | undefined)[] | Refused {
  const index = indexOf(catalogue);
  const found: (CatalogueItem | undefined)[] = [];
  for (const [i, item] of claim.items.entries()) {
    let entry: CatalogueItem | undefined;
    for (const candidate of index.get(item.code) ?? []) {
      if (!contains(candidate, item.date)) continue;
      if (entry !== undefined) return refused('catalogue-conflict', `/claim/items/${i}/code`);
      entry = candidate;
    }
    found.push(entry);
  }
  return found;
}

/** The bill's lines gathered into groups and priced (R1, R2), sorted by code, day of the entry and treatment. */
export function groupsOf(
  claim: Claim,
  entries: readonly (CatalogueItem | undefined)[],
): readonly ItemGroup[] {
  const groups = new Map<string, ItemGroup>();
  for (const [i, item] of claim.items.entries()) {
    const entry = entries[i];
    const treatment = treatmentOf(entry, item, claim.visit);
    const key = `${item.code}\n${entry?.from ?? ''}\n${treatment}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { code: item.code, entry, treatment, amount: 0n, excess: 0n, overPriceCap: 0n, upfront: 0n };
      groups.set(key, group);
    }
    group.amount += item.amount;
    if (treatment === 'in-catalogue' && entry !== undefined && entry.priceCap !== null)
      group.excess += atLeastZero(item.amount * WHOLE - entry.priceCap * item.quantity);
  }
  const sorted = [...groups.values()];
  for (const group of sorted) price(group);
  return sorted.length > 1 ? sorted.sort(inOrder) : sorted;
}

/** Of a catalogue the entries that a bill's lines name, as the catalogue of the place where the care was given. */
export function catalogueExcerpt(
  catalogue: Omit<Catalogue, 'place'>,
  place: string,
  lines: readonly Pick<ClaimItem, 'code'>[],
): Catalogue {
  const index = indexOf(catalogue);
  const codes = new Set(lines.map((line) => line.code));
  return { id: catalogue.id, place, items: [...codes].flatMap((code) => index.get(code) ?? []) };
}

function price(group: ItemGroup): void {
  if (group.excess > 0n) group.overPriceCap = round(group.excess, WHOLE);
  if (group.treatment === 'in-catalogue' && group.entry?.class === 'B')
    group.upfront = round((group.amount - group.overPriceCap) * BigInt(group.entry.upfrontBp), WHOLE);
}

function treatmentOf(entry: CatalogueItem | undefined, item: ClaimItem, visit: Visit): Treatment {
  if (entry === undefined) return 'item-not-in-catalogue';
  if (entry.class === 'C') return 'class-c';
  if (entry.onlyVisits !== null && !entry.onlyVisits.includes(visit)) return 'not-for-visit-type';
  return entry.restricted && !item.restrictionMet ? 'restriction-not-met' : 'in-catalogue';
}

function indexOf(catalogue: Omit<Catalogue, 'place'>): Index {
  const known = indexes.get(catalogue.items);
  if (known !== undefined) return known;
  const index = new Map<string, CatalogueItem[]>();
  for (const item of catalogue.items) {
    const same = index.get(item.code);
    if (same === undefined) index.set(item.code, [item]);
    else same.push(item);
  }
  indexes.set(catalogue.items, index);
  return index;
}

function inOrder(a: ItemGroup, b: ItemGroup): number {
  return (
    compare(a.code, b.code) ||
    compare(a.entry?.from ?? '', b.entry?.from ?? '') ||
    compare(a.treatment, b.treatment)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
