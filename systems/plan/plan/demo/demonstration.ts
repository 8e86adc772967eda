import { addDays, type Day, type Demonstration, type DemonstrationCommand } from '@yitong/kit';
import { type Entry, entries } from '../entries.ts';
import { planMilestone, reachMilestone } from '../milestones.ts';
import { owns } from '../rules/ownership.ts';
import { reportStatus } from '../status.ts';
import { takeUp } from '../taking-up.ts';

const note = '演示值';
const projects = new Set([
  'railway',
  'airport',
  'port',
  'crossing',
  'motorway',
  'waterway',
  'lng-terminal',
  'pumped-storage',
]);

/** All parts of a member, taken up; milestones and status of the larger projects, made up from the seed and marked so. */
export const demonstration: Demonstration = {
  title: { 'zh-CN': '纲要事项、里程碑与进展', en: 'Entries of the Outline, milestones and status' },
  tries: () => ['list plan/item --by chapter,status', 'list plan/milestone --where standing=late --limit 5'],
  count: ({ member }) => [...commandsOf(member, 1)].length,
  commands: ({ member, seed }) => commandsOf(member, seed),
};

function* commandsOf(member: string, seed: number): Generator<DemonstrationCommand> {
  const role = 'planner';
  const mine = entries.filter((entry) => owns(member, entry));
  for (const { id, kind } of mine)
    yield { command: takeUp, input: { item: id, office: officeOf(kind) }, role };
  for (const entry of mine)
    if (projects.has(entry.kind)) yield* projectOf(entry, member, seed);
    else yield* measureOf(entry, member, seed);
}

/** Of one measure in four a status. */
function* measureOf({ id }: Entry, member: string, seed: number): Generator<DemonstrationCommand> {
  const draw = spread(`${seed} ${id} ${member}`);
  if (draw % 4 > 0) return;
  const status = draw % 3 === 0 ? 'completed' : 'under-way';
  const on = addDays('2021-01-01', draw % 1_500);
  yield { command: reportStatus, input: { item: id, status, on, note }, role: 'planner' };
}

/** A start that was reached, a middle and an end; the days lie before and after those on which anybody may read them. */
function* projectOf({ id }: Entry, member: string, seed: number): Generator<DemonstrationCommand> {
  const role = 'planner';
  const begun = addDays('2021-01-01', spread(`${seed} ${member} ${id}`) % 1_000);
  const middle = addDays(begun, 700 + (spread(`${id} ${member}`) % 1_300));
  const steps: readonly (readonly [string, string, Day])[] = [
    ['start', '开工（演示）', begun],
    ['middle', '主体完成（演示）', middle],
    ['end', '建成投用（演示）', addDays(begun, 2_600 + (spread(`${member} ${id}`) % 1_500))],
  ];
  for (const [milestone, name, planned] of steps)
    yield { command: planMilestone, input: { item: id, milestone, name, planned, note }, role };
  yield { command: reachMilestone, input: { item: id, milestone: 'start', on: begun, note }, role };
  const late = spread(`${seed} ${id} late`) % 8;
  if (middle < '2025-06-01' && late > 0)
    yield {
      command: reachMilestone,
      input: { item: id, milestone: 'middle', on: addDays(middle, late * 4), note },
      role,
    };
  yield { command: reportStatus, input: { item: id, status: 'under-way', on: begun, note }, role };
}

function officeOf(kind: string): string {
  return projects.has(kind) ? '交通运输主管部门（演示）' : '发展改革部门（演示）';
}

/** A whole number from a text, the same everywhere (FNV-1a, 32 bit). */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
