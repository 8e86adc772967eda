import type { SystemType } from '@yitong/kit';
import type { Request } from '../client.ts';
import type { Member } from '../member.ts';
import { medicalStories } from './medical-settlement.ts';
import { demonstrationSeed, type Stage, type Story, subjectsEach } from './stage.ts';

type Stories = (stage: Stage, system: SystemType) => readonly Story[];

/** Stories written for a system. Of every other its own demonstration is played. */
const written: ReadonlyMap<string, Stories> = new Map([['medical-settlement', medicalStories]]);

/** Commands that fill each member before anything goes wrong: a part of the demonstration of each system that has written stories. */
export function preparation(stage: Stage): readonly { readonly member: Member; readonly request: Request }[] {
  return (stage.at ?? stage.members).flatMap((member) =>
    stage.systems
      .filter((system) => written.has(system.name))
      .flatMap((system) => [...demonstrated(system, member.code, subjectsEach(stage.bills)).values()].flat())
      .map((request) => ({ member, request })),
  );
}

/** Stories of all systems. */
export function storiesOf(stage: Stage): readonly Story[] {
  return stage.systems.flatMap((system) => (written.get(system.name) ?? demonstrationStories)(stage, system));
}

/** For each member and subject of a demonstration what is said about it, one command after another. */
function demonstrationStories(stage: Stage, system: SystemType): readonly Story[] {
  return (stage.at ?? stage.members).flatMap((member) =>
    [...demonstrated(system, member.code, Math.ceil(stage.bills / 25)).values()].map((requests): Story => {
      const draws = stage.draws.stream(`${system.name} ${member.code} ${requests[0]?.command.about.kind}`);
      return async () => {
        for (const request of requests) {
          await stage.clients.give(member, request);
          await stage.world.sleep(draws.spread(100, 600_000));
        }
      };
    }),
  );
}

type Demonstrated = ReadonlyMap<string, readonly Request[]>;

const known = new Map<string, Demonstrated>();

/** Of each kind of subject those few of which the demonstration says most, with what it says. */
function demonstrated(system: SystemType, member: string, count: number): Demonstrated {
  const key = `${system.name} ${member} ${count}`;
  const found = known.get(key);
  if (found) return found;
  const said = new Map<string, Map<string, Request[]>>();
  const all = system.demonstration?.commands({ member, scale: count, seed: demonstrationSeed }) ?? [];
  for (const { command, input, role } of all) {
    const kind = said.get(command.about.kind) ?? new Map<string, Request[]>();
    said.set(command.about.kind, kind);
    const subject = command.keyOf(command.input.parse(input));
    kind.set(subject, [...(kind.get(subject) ?? []), { command, input, role }]);
  }
  const most = [...said].flatMap(([kind, subjects]) =>
    [...subjects]
      .sort(([, a], [, b]) => b.length - a.length)
      .slice(0, count)
      .map(([subject, requests]) => [`${kind}:${subject}`, requests] as const),
  );
  known.set(key, new Map(most));
  return known.get(key) ?? new Map();
}
