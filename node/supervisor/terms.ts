import type { Permission } from '@yitong/kernel';
import type { SystemType } from '@yitong/kit';

/** What the members of a region agreed on beside keys and addresses. 用途 · 授权 */
export type Terms = { purposes: readonly string[]; permissions: readonly Permission[] };

/** The purpose under which copies of shared records travel. */
const copying = 'copy';

/**
 * Terms under which each member may use all of these systems with each other, for the purposes that the systems
 * declare. The kernel's own messages (refusals, copies) follow any of them.
 */
export function openTerms(systems: Iterable<Pick<SystemType, 'name' | 'purposes'>>): Terms {
  const all = [...systems];
  const purposes = [...new Set([copying, ...all.flatMap((system) => system.purposes)])].sort();
  const open = (name: string, some: readonly string[]): Permission => ({
    type: `${name}/*`,
    from: '*',
    to: '*',
    purposes: some,
  });
  const own = all.filter((system) => system.purposes.length > 0);
  const permissions = own.map((system) => open(system.name, [...new Set(system.purposes)].sort()));
  return { purposes, permissions: [open('kernel', purposes), ...permissions] };
}
