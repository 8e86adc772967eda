import { cities, members, type Place } from '@yitong/kit';
import { membersKept } from '../node/supervisor/members.ts';
import { newestVersions } from '../node/supervisor/version-file.ts';
import { usage } from './failure.ts';

/** A member to be started. */
export interface WishedMember {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
}

/**
 * The members that a start in this data folder runs: those of the region that lives there, else those that `--members` names, else
 * all four provinces. Errors: usage, where `--members` names others than the region has.
 */
export function membersToRun(data: string, text: string | undefined, fresh: boolean): WishedMember[] {
  const own = fresh ? [] : foundedMembers(data);
  if (own.length === 0) return wishedMembers(text);
  const wish = text === undefined ? own : wishedMembers(text);
  if (wish.map(({ code }) => code).join() === own.map(({ code }) => code).join()) return own;
  const names = own.map(({ code, name }) => `${code} (${name.en})`).join(', ');
  throw usage(
    `--members ${text}: the region in ${data} has ${names}.`,
    'Leave --members away to start it as it is; --data names a folder for another region, --fresh begins anew in this one.',
  );
}

/** Members that the region's newest directory names and whose keys lie in the folder, in order of code; none before its first start. */
function foundedMembers(data: string): WishedMember[] {
  const kept = new Set(membersKept(data));
  const newest = newestVersions(data).at(-1)?.directory;
  return (newest?.members ?? [])
    .filter(({ code }) => kept.has(code))
    .map(({ code, name = code }) => {
      const place = [...members, ...cities].find((one) => one.code === code);
      return place === undefined ? { code, name: { zh: name, en: name } } : wished(place);
    });
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
