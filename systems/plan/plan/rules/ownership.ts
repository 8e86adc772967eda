import { cityOf, isCity, members } from '@yitong/kit';

/** What the rule needs of an entry. */
export interface Owned {
  readonly owners: readonly string[];
  readonly places: readonly { readonly code: string }[];
}

/** Whether a member reports on an entry: a province that the Outline makes responsible, or a city with a place of it. 责任主体 */
export function owns(member: string, { owners, places }: Owned): boolean {
  return owners.includes(member) || (isCity(member) && places.some(({ code }) => code === member));
}

/** The cities of a member's part: of all the entry's places, those that lie in the member. 涉及城市 */
export function citiesOf(member: string, { places }: Owned): readonly string[] {
  const mine = places.flatMap(({ code }) => cityOf(code) ?? []).filter((city) => lies(city, member));
  return [...new Set(mine)].sort();
}

function lies(city: string, member: string): boolean {
  return city === member || (member.endsWith('0000') && city.slice(0, 2) === member.slice(0, 2));
}

/** The owners as people read them, in both languages. */
export function ownerNames({ owners }: Pick<Owned, 'owners'>): string {
  const names = members.filter(({ code }) => owners.includes(code)).map(({ zh, en }) => `${zh} ${en}`);
  return names.join(', ');
}
