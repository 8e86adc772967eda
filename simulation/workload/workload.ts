import type { SystemType } from '@yitong/kit';
import type { Request } from '../client.ts';
import type { Member } from '../member.ts';
import { medicalStories } from './medical-settlement.ts';
import { demonstrationSeed, residents, type Stage, type Story } from './stage.ts';

/** Most commands of one type that prepare a member. */
const preparedMost = 12;

/** Commands that fill each member before anything goes wrong: a part of each system's own demonstration. */
export function preparation(stage: Stage): readonly { readonly member: Member; readonly request: Request }[] {
  return stage.members.flatMap((member) =>
    stage.systems.flatMap((system) => prepared(system, member.code)).map((request) => ({ member, request })),
  );
}

const known = new Map<string, readonly Request[]>();

function prepared(system: SystemType, member: string): readonly Request[] {
  const key = `${system.name} ${member}`;
  const found = known.get(key);
  if (found) return found;
  const counts = new Map<string, number>();
  const requests: Request[] = [];
  const all = system.demonstration?.commands({ member, scale: residents, seed: demonstrationSeed }) ?? [];
  for (const request of all) {
    const count = (counts.get(request.command.type) ?? 0) + 1;
    counts.set(request.command.type, count);
    const most = request.command.type === 'medical-settlement/register-institution' ? 2 : preparedMost;
    if (count <= most) requests.push(request);
  }
  known.set(key, requests);
  return requests;
}

/** Stories of all systems: those written for a system, and for every other the lines that its intakes make up. */
export function storiesOf(stage: Stage, bills: number): readonly Story[] {
  return stage.systems.flatMap((system) =>
    system.name === 'medical-settlement'
      ? medicalStories(stage, system, bills)
      : importStories(stage, system, Math.ceil(bills / 5)),
  );
}

function importStories(stage: Stage, system: SystemType, count: number): readonly Story[] {
  const codes = stage.members.map((member) => member.code);
  return [...system.intakes.values()].flatMap((intake) =>
    stage.members.flatMap((member) => {
      const wish = { member: member.code, members: codes, count, scale: residents, seed: stage.world.seed };
      return [...(intake.sample?.(wish) ?? [])].flatMap((line) =>
        intake.read(line, { member: member.code }).flatMap((read): Story[] => {
          if (!read.ok) return [];
          const role = intake.command.by.find((one) => one !== 'self') ?? 'clerk';
          const request = { command: intake.command, input: read.input, role };
          return [async () => void (await stage.clients.give(member, request))];
        }),
      );
    }),
  );
}
