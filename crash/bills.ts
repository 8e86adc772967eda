import { crashSystems, made } from './region.ts';

/** The input of `present-bill`. */
export type Bill = Readonly<Record<string, unknown>> & { readonly bill: string };

/** Bills at a member's hospitals for people of the others, never the same. */
export function* billsAt(member: string, members: readonly string[], lineSeed: number): Generator<Bill> {
  const intake = crashSystems.flatMap((one) => one.intakes.get('bills') ?? []).at(0);
  const wish = { member, members, count: Number.MAX_SAFE_INTEGER, ...made, lineSeed };
  for (const line of intake?.sample?.(wish) ?? []) yield line as Bill;
}
