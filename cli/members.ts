import { cities, members, type Place } from '@yitong/kit';
import { usage } from './failure.ts';

/** A member to be started. */
export interface WishedMember {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
}

/** The members that `--members` names by code or name, with commas; all four provinces without it. Errors: usage. */
export function wishedMembers(text: string | undefined): WishedMember[] {
  if (text === undefined) return members.map(wished);
  const names = text.split(/[,,、\s]+/).filter((name) => name !== '');
  const found = names.map(memberNamed);
  const unique = new Map(found.map((place) => [place.code, place]));
  if (unique.size === 0)
    throw usage('--members: names no member.', `There are ${known()}, and the 41 cities by code.`);
  return [...unique.values()].sort((a, b) => (a.code < b.code ? -1 : 1)).map(wished);
}

function memberNamed(name: string): Place {
  const wanted = name.toLowerCase();
  const found = [...members, ...cities].find(({ code, zh, en }) =>
    [code, zh, en.toLowerCase()].includes(wanted),
  );
  if (found === undefined)
    throw usage(
      `--members: '${name}' is no member of the region.`,
      `There are ${known()}, and the 41 cities by code.`,
    );
  return found;
}

function wished({ code, zh, en }: Place): WishedMember {
  return { code, name: { zh, en } };
}

function known(): string {
  return members.map(({ code, en }) => `${code} (${en})`).join(', ');
}
