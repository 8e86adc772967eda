import type { Share } from '@yitong/kernel';
import type { NodeConfig } from '../config.ts';
import type { NodeLog } from '../http/log.ts';
import type { KnownMembers, TlsPair } from '../known-members.ts';
import { type SiblingDoor, siblingDoor } from './door.ts';

/** The door to the node's other processes; undefined when it has none. */
export function siblingsOf(
  { member, processes }: Pick<NodeConfig, 'member' | 'processes'>,
  known: KnownMembers,
  tls: TlsPair,
  log: NodeLog,
): SiblingDoor | undefined {
  if (!processes) return undefined;
  const keys = () => known.contacts.of(member)?.tls ?? [];
  return siblingDoor({ tls, keys, warn: (facts, message) => log.warn(facts, message) });
}

/** What the kernel is told of this process's share. */
export function shareOf(
  { number, of, host, port }: NonNullable<NodeConfig['processes']>,
  way: SiblingDoor,
): Share {
  return { number, of, address: `${host.includes(':') ? `[${host}]` : host}:${port}`, way };
}
