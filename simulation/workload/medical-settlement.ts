import type { CommandType, SystemType } from '@yitong/kit';
import type { Draws } from '../chance.ts';
import type { End } from '../client.ts';
import type { Member } from '../member.ts';
import { demonstrationSeed, type Stage, type Story, subjectsEach, untilStep } from './stage.ts';

const minuteMs = 60_000;

type Bill = Readonly<Record<string, unknown>> & {
  readonly bill: string;
  readonly person: string;
  readonly insuredPlace: string;
};
type Path = (typeof paths)[number]['path'];

/** What happens to a bill after it was presented, and how often. */
const paths = [
  { path: 'automatic', weight: 25 },
  { path: 'reverse', weight: 15 },
  { path: 'confirm', weight: 20 },
  { path: 'confirm-twice', weight: 8 },
  { path: 'confirm-and-cancel', weight: 6 },
  { path: 'cancel', weight: 8 },
  { path: 'lapse', weight: 8 },
  { path: 'confirm-late', weight: 5 },
  { path: 'present-twice', weight: 5 },
] as const;

/** Bills of people insured elsewhere, and of some insured here, each on one of the paths that a bill may take. */
export function medicalStories(stage: Stage, system: SystemType): readonly Story[] {
  const give = givers(stage, system);
  return Array.from({ length: stage.bills }, (_, k) => {
    const index = (stage.first ?? 0) + k;
    const draws = stage.draws.stream(`bill ${index}`);
    const here = draws.pick(stage.at ?? stage.members);
    return async () => {
      const bill = billAt(stage, system, here, index, draws);
      if (bill) await give(draws, here, bill, drawPath(draws));
    };
  });
}

function drawPath(draws: Draws): Path {
  let place = draws.unit() * paths.reduce((sum, { weight }) => sum + weight, 0);
  for (const { path, weight } of paths) {
    place -= weight;
    if (place < 0) return path;
  }
  return 'automatic';
}

/** A made-up bill, at one of the two hospitals that the preparation entered here. */
function billAt(
  stage: Stage,
  system: SystemType,
  here: Member,
  index: number,
  draws: Draws,
): Bill | undefined {
  const codes = stage.members.map((member) => member.code);
  const elsewhere = draws.pick(codes.filter((code) => code !== here.code));
  // A sample is of people insured elsewhere: seen from another member, that includes the people of here.
  const lines = draws.happens(0.15)
    ? linesFor(stage, system, elsewhere, [here.code, elsewhere])
    : linesFor(stage, system, here.code, codes);
  const context = {
    member: here.code,
    members: codes,
    scale: subjectsEach(stage.bills),
    seed: demonstrationSeed,
  };
  const [read] = system.intakes.get('bills')?.read(draws.pick(lines), context) ?? [];
  if (!read?.ok) return undefined;
  const input = read.input as Bill;
  const hospital = draws.pick(hospitalsOf(system, here.code));
  const changed = { ...input, bill: `${here.code}-${index}`, hospital };
  return draws.happens(0.05) ? { ...changed, total: '1' } : changed;
}

const samples = new Map<string, readonly unknown[]>();

/** Made-up bills at a member for people of the others; made once for all runs. */
function linesFor(
  { bills }: Stage,
  system: SystemType,
  member: string,
  members: readonly string[],
): readonly unknown[] {
  const scale = subjectsEach(bills);
  const key = [scale, member, ...members].join(' ');
  const found = samples.get(key);
  if (found) return found;
  const wish = { member, members, count: 60, scale, seed: demonstrationSeed };
  const lines = [...(system.intakes.get('bills')?.sample?.(wish) ?? [])];
  samples.set(key, lines);
  return lines;
}

const known = new Map<string, readonly string[]>();

function hospitalsOf(system: SystemType, member: string): readonly string[] {
  const found = known.get(member);
  if (found) return found;
  const codes: string[] = [];
  for (const { command, input } of system.demonstration?.commands({ member, scale: 0, seed: 1 }) ?? [])
    if (command.name === 'register-institution' && codes.length < 2)
      codes.push(String(Reflect.get(Object(input), 'code')));
  known.set(member, codes);
  return codes;
}

function givers(stage: Stage, system: SystemType) {
  const { clients, world } = stage;
  const commandOf = (name: string): CommandType => {
    const found = system.commands.get(name);
    if (!found) throw new Error(`${system.name} has no command '${name}'`);
    return found;
  };
  const [present, confirm, cancel, reverse] = [
    'present-bill',
    'confirm-bill',
    'cancel-bill',
    'reverse-bill',
  ].map(commandOf);
  if (!present || !confirm || !cancel || !reverse) throw new Error('commands of a bill');
  return async (draws: Draws, here: Member, bill: Bill, path: Path): Promise<void> => {
    const give = (command: CommandType, input: unknown): Promise<End> =>
      clients.give(here, { command, input, role: 'cashier' });
    const on = { bill: bill.bill };
    const wait = (least: number, most: number) =>
      world.sleep(untilStep(stage, world.now + draws.spread(least, most) * minuteMs));
    const isAutomatic = path === 'automatic' || path === 'reverse';
    const input = { ...bill, confirm: isAutomatic ? 'automatic' : 'cashier' };
    if (path === 'present-twice') await Promise.all([give(present, input), give(present, input)]);
    else await give(present, input);
    lookAt(stage, draws, here, bill);
    if (path === 'reverse') await wait(0.01, 600).then(() => give(reverse, on));
    if (path === 'confirm' || path === 'present-twice') await wait(0.01, 20).then(() => give(confirm, on));
    if (path === 'confirm-late') await wait(28, 70).then(() => give(confirm, on));
    if (path === 'cancel') await wait(0.01, 20).then(() => give(cancel, on));
    if (path === 'confirm-twice') await Promise.all([give(confirm, on), give(confirm, on)]);
    if (path === 'confirm-and-cancel') await Promise.all([give(confirm, on), give(cancel, on)]);
    if (path !== 'automatic' && path !== 'lapse' && draws.happens(0.3)) await give(reverse, on);
  };
}

/** Someone looks at the bill, at the insurance behind it, or at what is none of their business. */
function lookAt({ readers, members }: Stage, draws: Draws, here: Member, bill: Bill): void {
  const { person, insuredPlace } = bill;
  const insured = members.find(
    ({ code }) => code === insuredPlace || code === `${insuredPlace.slice(0, 2)}0000`,
  );
  const purpose = draws.pick(['medical-settlement', 'audit']);
  const common = { person, purpose };
  const visit = { ...common, type: 'medical-settlement/bill', subject: `visit:${bill.bill}` };
  if (draws.happens(0.3)) readers.look(here, { ...visit, role: 'cashier', allowed: true });
  if (draws.happens(0.1)) readers.look(here, { ...visit, role: 'gardener', allowed: false });
  const coverage = { ...common, type: 'medical-settlement/coverage', subject: `person:${person}` };
  if (insured && draws.happens(0.3)) readers.look(insured, { ...coverage, role: 'clerk', allowed: true });
  if (insured && draws.happens(0.1)) readers.look(insured, { ...coverage, role: 'cashier', allowed: false });
}
