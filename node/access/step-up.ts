import type { SignedIn } from './signed-in.ts';

/** When and how somebody last proved who they are, as their issuer says it (`auth_time`, `acr`, `amr`). 身份核验 */
export interface Proof {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
}

/** Which sign-in is fresh and strong enough for what needs one, and which programs need none. 加强认证 */
export interface StepUpRules {
  /** Milliseconds after which a sign-in is no longer fresh. */
  readonly ageMs: number;
  /** Words of `acr` that count as strong, the first of them asked for first. */
  readonly acr: readonly string[];
  /** Words of `amr` of which one counts as strong too. Where neither are named, any sign-in does. */
  readonly amr: readonly string[];
  /** Clients that may act by themselves: their key or secret is their strong sign-in. `any`: each that the issuer knows. */
  readonly programs: readonly string[] | 'any';
}

/** A quarter of an hour, after which NIST SP 800-63B 4.3.3 (AAL3) has who did nothing prove themselves again; no program. */
export const usualStepUp: StepUpRules = { ageMs: 15 * 60_000, acr: [], amr: [], programs: [] };

/** What is wanting: an old sign-in, a weak one, or a program that was not given the right. */
export type Wanting = 'age' | 'strength' | 'program';

/** Milliseconds by which the issuer's clock may be ahead. */
const aheadMs = 60_000;

/** What somebody's sign-in lacks for what needs a fresh and strong one; undefined when nothing. */
export function wanting(who: SignedIn, rules: StepUpRules, now: number): Wanting | undefined {
  const { proof, program } = who;
  if (program !== undefined)
    return rules.programs === 'any' || rules.programs.includes(program) ? undefined : 'program';
  if (proof === undefined || proof.at > now + aheadMs || now - proof.at > rules.ageMs) return 'age';
  return isStrong(proof, rules) ? undefined : 'strength';
}

function isStrong({ acr: given, amr: means = [] }: Proof, { acr, amr }: StepUpRules): boolean {
  if (acr.length === 0 && amr.length === 0) return true;
  return (given !== undefined && acr.includes(given)) || means.some((one) => amr.includes(one));
}

/** The challenge that tells a client what to ask its issuer for (RFC 9470 3). */
export function challenge({ acr, ageMs }: StepUpRules): string {
  const words = [
    'error="insufficient_user_authentication"',
    'error_description="A fresh and strong sign-in is needed"',
    ...(acr.length === 0 ? [] : [`acr_values="${acr.join(' ')}"`]),
    `max_age="${Math.floor(ageMs / 1000)}"`,
  ];
  return `Bearer ${words.join(', ')}`;
}
