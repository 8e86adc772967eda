import { type Ended, faultOfBill, positionOf } from './bill-model.ts';
import type { HistoryEvent, Told } from './history.ts';

/** Something that was promised and does not hold. */
export interface Finding {
  readonly rule: string;
  readonly at: string;
  readonly detail: string;
}

/** What is there when all faults are healed and all is at rest. */
export interface Rest {
  /** How the nodes say each command ended, by its id; absent: they know nothing of it. */
  readonly commands: ReadonlyMap<string, Told>;
  /** State and version of each bill, by `<member> <bill>`. */
  readonly bills: ReadonlyMap<string, { readonly state: string; readonly version: number }>;
  /** When that was, in ms of the history. */
  readonly ms: number;
}

type Command = Omit<Ended, 'told'> & {
  readonly member: string;
  readonly bill: string;
  /** All answers that it got, in order. */
  readonly answers: readonly (HistoryEvent & { readonly told: Told })[];
};

type OnBill = readonly HistoryEvent[];

/** Compares a history with what is there: nothing promised is lost, nothing happened twice, nothing went backwards. */
export function checkHistory(history: readonly HistoryEvent[], rest: Rest): Finding[] {
  const commands = commandsIn(history);
  const bills = groupBy(history, ({ member, bill }) => `${member} ${bill}`);
  const strange = [...rest.bills.keys()].filter((key) => !bills.has(key));
  return [
    ...commands.flatMap((command) => promiseOf(command, rest.commands.get(command.id))),
    ...[...bills].flatMap(([key, events]) => [
      ...orderOf(key, events),
      ...readingsOf(key, events, rest.bills.get(key)?.version ?? 0),
    ]),
    ...statesOf(commands, rest),
    ...strange.map((key) => ({ rule: 'from nowhere', at: key, detail: 'nobody presented it' })),
  ];
}

function commandsIn(history: readonly HistoryEvent[]): readonly Command[] {
  const asked = history.filter(({ action }) => action !== 'read');
  return [...groupBy(asked, ({ id }) => id)].flatMap(([id, events]) => {
    const [first] = events;
    if (first === undefined || first.action === 'read') return [];
    const { action, member, bill, automatic = false, ms: begun } = first;
    const answers = events.flatMap((event) => (event.told ? [{ ...event, told: event.told }] : []));
    const heard = answers.find(({ told }) => isEnd(told))?.ms ?? Number.POSITIVE_INFINITY;
    return [{ id, action, member, bill, automatic, begun, heard, answers }];
  });
}

/** An acknowledged command is there, ended, and each answer to its id said the same end, which is the one that is there. */
function promiseOf({ id, action, bill, answers }: Command, now: Told | undefined): Finding[] {
  const at = `${action} ${bill} ${id}`;
  const ends = new Set(answers.flatMap(({ told }) => (isEnd(told) ? [textOf(told)] : [])));
  const isAccepted = answers.some(({ told }) => told.state !== 'invalid');
  if (ends.size > 1) return [{ rule: 'one end', at, detail: `was told ${[...ends].join(' and ')}` }];
  if (now === undefined)
    return isAccepted ? [{ rule: 'lost', at, detail: 'was acknowledged and is not there' }] : [];
  if (!isAccepted && answers.length > 0)
    return [{ rule: 'invalid', at, detail: 'was refused at the door and is there' }];
  if (!isEnd(now)) return [{ rule: 'unended', at, detail: `is still ${now.state}` }];
  const [told] = ends;
  const isOther = told !== undefined && told !== textOf(now);
  return isOther ? [{ rule: 'changed', at, detail: `was promised ${told}, is ${textOf(now)}` }] : [];
}

/** What was answered before something else was asked lies before it in the journal of their bill. */
function orderOf(key: string, events: OnBill): Finding[] {
  let last = { position: 0n, id: '' };
  const atBegin = new Map<string, typeof last>();
  const findings: Finding[] = [];
  for (const { type, action, id, told } of events) {
    if (action === 'read') continue;
    if (type === 'invoke') {
      // Of one id only the first attempt counts: its effect is older than its later attempts.
      if (!atBegin.has(id)) atBegin.set(id, last);
      continue;
    }
    if (!told || !isEnd(told) || told.state === 'invalid') continue;
    const position = positionOf(told.at);
    const before = atBegin.get(id);
    if (before && before.id !== id && position <= before.position)
      findings.push({
        rule: 'order',
        at: key,
        detail: `${id} at ${position} was asked after ${before.id} had been answered at ${before.position}`,
      });
    if (position > last.position) last = { position, id };
  }
  return findings;
}

/** A reading shows no older version than one that had been shown before it was asked, and the end no older one than any. */
function readingsOf(key: string, events: OnBill, versionNow: number): Finding[] {
  const findings: Finding[] = [];
  let newest = 0;
  const least = new Map<string, number>();
  for (const { type, action, id, told } of events) {
    if (action === 'read' && type === 'invoke') least.set(id, newest);
    // Whoever was told how presenting ended can see the bill.
    if (action === 'present' && told?.state === 'done') newest = Math.max(newest, 1);
    if (told?.state !== 'shown') continue;
    const version = told.version ?? 0;
    const bound = least.get(id) ?? 0;
    if (version < bound)
      findings.push({ rule: 'stale', at: key, detail: `version ${version} shown after ${bound}` });
    newest = Math.max(newest, version);
  }
  if (versionNow < newest)
    findings.push({ rule: 'stale', at: key, detail: `version ${newest} was shown, it is ${versionNow}` });
  return findings;
}

/** The state of each bill follows from the commands that were done to it, each once. */
function statesOf(commands: readonly Command[], { commands: ends, bills, ms }: Rest): Finding[] {
  return [...groupBy(commands, ({ member, bill }) => `${member} ${bill}`)].flatMap(([key, all]) => {
    const ended = all.flatMap((command) => {
      const told = ends.get(command.id);
      return told && isEnd(told) ? [{ ...command, told }] : [];
    });
    const fault = faultOfBill(ended, bills.get(key)?.state, ms);
    return fault === undefined ? [] : [{ rule: 'state', at: key, detail: fault }];
  });
}

function isEnd({ state }: Told): boolean {
  return state === 'done' || state === 'refused' || state === 'invalid';
}

function textOf({ state, code }: Told): string {
  return `${state} ${code}`.trim();
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
