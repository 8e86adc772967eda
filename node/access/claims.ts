import { z } from '@yitong/kit';
import type { Proof } from './step-up.ts';

/** Where an issuer puts what a node wants to know, and what its roles are called here. */
export interface ClaimPlaces {
  /** Name of the claim, or a JSON pointer (RFC 6901) to where it is nested. */
  readonly roles?: string | undefined;
  readonly citizen?: string | undefined;
  readonly authTime?: string | undefined;
  readonly acr?: string | undefined;
  readonly amr?: string | undefined;
  /** What each role of the issuer gives at this member; absent: roles are `<member>:<system>/<role>`. */
  readonly roleNames?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** A claim by its name, or by a JSON pointer; undefined where there is none. */
export function claimAt(payload: unknown, place: string): unknown {
  if (!place.startsWith('/')) return own(payload, place);
  return place
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(own, payload);
}

function own(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? Reflect.get(of, name) : undefined;
}

const Given = z.object({
  at: z.number().min(0).max(1e11),
  acr: z.string().max(200).optional().catch(undefined),
  amr: z.array(z.string().max(80)).max(20).optional().catch(undefined),
});

/** When and how the holder of a token signed in, by its claims `auth_time` (seconds), `acr` and `amr`; undefined when it says no time. */
export function proofIn(payload: unknown, places: ClaimPlaces = {}): Proof | undefined {
  const { authTime = 'auth_time', acr = 'acr', amr = 'amr' } = places;
  const given = {
    at: claimAt(payload, authTime),
    acr: claimAt(payload, acr),
    amr: claimAt(payload, amr),
  };
  const { data } = Given.safeParse(given);
  return data && { ...data, at: data.at * 1000 };
}

/** The roles `<system>/<role>` that an issuer's words give at a member; a word that says nothing here gives nothing. */
export function rolesHere(
  words: readonly string[],
  member: string,
  names: ClaimPlaces['roleNames'],
): readonly string[] {
  const prefix = `${member}:`;
  if (names === undefined)
    return words.filter((word) => word.startsWith(prefix)).map((word) => word.slice(prefix.length));
  return [...new Set(words.flatMap((word) => (Object.hasOwn(names, word) ? (names[word] ?? []) : [])))];
}
