import type { Actor } from '@yitong/kernel';
import type { Proof } from './step-up.ts';

/** Who sent a request, as the token says it. */
export interface SignedIn {
  /** Pseudonymous reference of the account. */
  readonly id: string;
  /** Roles at this member, `<system>/<role>`. */
  readonly roles: readonly string[];
  /** Citizen number, when the person signed in as themselves. */
  readonly person?: string;
  /** When the token ends, milliseconds since 1970. */
  readonly until: number;
  /** When and how they signed in, where the issuer says it. */
  readonly proof?: Proof | undefined;
  /** The client, when it is a program that acts by itself (RFC 9068 2.2: the token's subject is the client). */
  readonly program?: string | undefined;
}

/** The system name under which a node's own roles stand in tokens. */
export const nodeSystem = 'node';
/** Roles of the node itself: an operator acts on it, an auditor reads who read what, an accountant (清算人员) clears with other members. All read books and proofs. */
export const nodeRoles = ['operator', 'auditor', 'accountant'] as const;

/** Who may use a route. `roles` are those of one system and may hold the words `self` and `public`. */
export type Permission =
  | { readonly who: 'public' }
  | { readonly who: 'signed-in' }
  | { readonly who: 'roles'; readonly system: string; readonly roles: readonly string[] };

/** Who watches the node: its operators, and those who audit it. */
export const watchers: Permission = { who: 'roles', system: nodeSystem, roles: ['operator', 'auditor'] };

/** Who reads the member's books, and the proof of each entry in them. */
export const bookReaders: Permission = { who: 'roles', system: nodeSystem, roles: nodeRoles };

/** How far a permission reaches for someone: `self` only for what is about themselves. */
export type Reach = 'all' | 'self' | 'none';

/** What a permission gives to someone. */
export function reach(permission: Permission, who: SignedIn | undefined): Reach {
  if (permission.who === 'public') return 'all';
  if (permission.who === 'signed-in') return who === undefined ? 'none' : 'all';
  const { system, roles } = permission;
  if (roles.includes('public')) return 'all';
  if (who === undefined) return 'none';
  if (roles.some((role) => who.roles.includes(`${system}/${role}`))) return 'all';
  return roles.includes('self') && who.person !== undefined ? 'self' : 'none';
}

/** The asker towards one system: only the roles of that system, by their short names. */
export function actorIn(system: string, who: SignedIn | undefined): Actor {
  if (who === undefined) return { id: 'public', roles: [] };
  const prefix = `${system}/`;
  const roles = who.roles.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length));
  return { id: who.id, roles, ...(who.person === undefined ? {} : { person: who.person }) };
}

/** Why a token is not accepted; told to the log, never to the asker beyond `invalid_token`. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  /** `unreachable`: the issuer's keys could not be fetched, so nobody can be signed in now. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
