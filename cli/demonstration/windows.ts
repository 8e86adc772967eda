import type { DemonstrationCommand } from '@yitong/kit';

/** A command with its place among all of its share, from 0. */
export interface Placed extends DemonstrationCommand {
  readonly at: number;
}

/** Commands that are loaded before the next are sent. */
export interface Window {
  /** Commands of one kind by one role each, in the order in which kinds are sent: one is taken in before the next. */
  readonly kinds: readonly (readonly Placed[])[];
  /** How many commands of the share are loaded with this window. */
  readonly upto: number;
}

/**
 * Cuts the commands from place `from` on into windows of `size`. A request takes one kind only, so kinds overtake each other
 * within a window: they go in the order in which they first come in the whole list, wherever a window happens to begin.
 */
export function* windows(
  commands: Iterable<DemonstrationCommand>,
  from: number,
  size: number,
): Generator<Window> {
  const kinds = new Map<string, Placed[]>();
  const cut = (upto: number): Window => {
    const full = [...kinds.values()].filter(({ length }) => length > 0);
    for (const name of kinds.keys()) kinds.set(name, []);
    return { kinds: full, upto };
  };
  let at = 0;
  let waiting = 0;
  for (const one of commands) {
    const name = `${one.command.type} ${one.role}`;
    const kind = kinds.get(name) ?? [];
    kinds.set(name, kind);
    at += 1;
    if (at <= from) continue;
    kind.push({ ...one, at: at - 1 });
    waiting += 1;
    if (waiting < size) continue;
    yield cut(at);
    waiting = 0;
  }
  if (waiting > 0) yield cut(at);
}
