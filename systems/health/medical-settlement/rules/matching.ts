import type { Conditions } from './types.ts';

/** What conditions are held against: `age` in completed years on the deciding day. */
export interface Circumstances {
  readonly level: string;
  readonly status: string;
  readonly category: string | null;
  readonly age: number;
}

/** Whether all stated conditions hold. */
function holds(rule: Conditions, of: Circumstances): boolean {
  if (rule.levels !== undefined && !rule.levels.includes(of.level)) return false;
  if (rule.statuses !== undefined && !rule.statuses.includes(of.status)) return false;
  if (rule.categories !== undefined && (of.category === null || !rule.categories.includes(of.category)))
    return false;
  if (rule.ageFrom !== undefined && of.age < rule.ageFrom) return false;
  return rule.ageTo === undefined || of.age <= rule.ageTo;
}

/** Place in the list of the first rule whose conditions all hold, −1 when none does. */
export function firstMatch(rules: readonly Conditions[], of: Circumstances): number {
  for (let i = 0; i < rules.length; i += 1) {
    const rule = rules[i];
    if (rule !== undefined && holds(rule, of)) return i;
  }
  return -1;
}

/** Whether the place code begins with one of the prefixes. */
export function within(place: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => place.startsWith(prefix));
}
