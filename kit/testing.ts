import { z } from 'zod';
import type { SystemType } from './declare/system.ts';
import { checkHistory, type History } from './history.ts';
import { fieldNames, missingTexts } from './texts.ts';
import type { Day, Period } from './time.ts';

export { type End, MemoryRegion } from './testing/region.ts';

/** What the suite needs of a worked example: the day whose law it shows, and the member when it is not the region's law. */
export interface DatedExample {
  readonly name: string;
  readonly on: Day;
  readonly member?: string;
}

/** A system and its worked examples. */
export interface SystemSuite {
  readonly system: SystemType;
  readonly examples: readonly DatedExample[];
}

/** One thing that must hold of every system: a sentence for the test's name, and what is wrong with this one. */
export interface SystemCheck {
  readonly name: string;
  faults(): readonly string[];
}

/**
 * The checks that every system passes, for its test file:
 * `test.for(systemChecks({ system, examples }))('$name', ({ faults }) => expect(faults()).toEqual([]))`.
 */
export function systemChecks({ system, examples }: SystemSuite): readonly SystemCheck[] {
  const check = (name: string, faults: () => readonly string[]): SystemCheck => ({
    name: `${system.name} ${name}`,
    faults,
  });
  return [
    check('has parameters with sources, in order of days', () => historyFaults(system)),
    check('shows each dated value in a worked example', () => valuesNotReached(system, examples)),
    check('names each worked example differently', () => repeated(examples.map(({ name }) => name))),
    check('has all its texts in zh-CN and en', () => missingTexts(system)),
    check('has schemas that forms and API pages can be made from', () => schemaFaults(system)),
    check('keeps records for whole days at least', () => periodFaults(system)),
    check('names each refusal once', () => refusalFaults(system)),
    check('closes commands by what their records can say', () => closedFaults(system)),
    check('names records and codes that it declares', () => namesFaults(system)),
  ];
}

/** What is wrong with the histories of a system's parameters, those of members included. */
export function historyFaults(system: SystemType): readonly string[] {
  return histories(system).flatMap(({ name, history }) => {
    try {
      checkHistory(name, history);
      return [];
    } catch (fault) {
      return [fault instanceof Error ? fault.message : String(fault)];
    }
  });
}

/** The dated values that are in force on the day of no example, as `<parameter> from <day>`. */
export function valuesNotReached(system: SystemType, examples: readonly DatedExample[]): readonly string[] {
  return histories(system).flatMap(({ name, member, history }) =>
    history
      .filter(({ from }, i) => {
        const next = history[i + 1]?.from;
        const mine = examples.filter((example) => member === undefined || example.member === member);
        return !mine.some(({ on }) => on >= from && (next === undefined || on < next));
      })
      .map(({ from }) => `${name} from ${from}`),
  );
}

/** The schemas that have no JSON Schema, as `<declaration>: <why>`; and free shapes, which would let unknown fields pass. */
export function schemaFaults(system: SystemType): readonly string[] {
  return schemas(system).flatMap(({ name, schema }) => {
    try {
      const { type, additionalProperties } = z.toJSONSchema(schema, { io: 'input' });
      const open = type === 'object' && additionalProperties === undefined;
      return open ? [`${name}: unknown fields would pass; use object()`] : [];
    } catch (fault) {
      return [`${name}: ${fault instanceof Error ? fault.message : String(fault)}`];
    }
  });
}

function periodFaults(system: SystemType): readonly string[] {
  const clock: readonly Period['unit'][] = ['minutes', 'hours'];
  return [...system.records.values()]
    .filter(({ keep }) => clock.includes(keep.unit))
    .map(
      ({ name, keep }) => `${name}: kept for ${keep.n} ${keep.unit}; keep records for days, months or years`,
    );
}

function refusalFaults(system: SystemType): readonly string[] {
  return [...system.commands.values(), ...system.messages.values()].flatMap(({ name, refusals }) => [
    ...repeated(refusals).map((code) => `${name}: refuses '${code}' twice`),
    ...refusals
      .filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code))
      .map((code) => `${name}: '${code}' is not in small letters and hyphens`),
  ]);
}

function closedFaults(system: SystemType): readonly string[] {
  return [...system.commands.values()].flatMap(({ name, about, closed, refusals }) => {
    if (closed === undefined) return [];
    const record = system.records.get(closed.record);
    if (record?.about.kind !== about.kind) return [`${name}: '${closed.record}' is no record of its subject`];
    const { properties = {} } = z.toJSONSchema(record.schema, { io: 'input' });
    const known: readonly unknown[] = Object(properties[closed.field]).enum ?? [];
    return Object.entries(closed.when).flatMap(([value, code = '']) => [
      ...(known.includes(value) ? [] : [`${name}: ${closed.record}.${closed.field} is never '${value}'`]),
      ...(refusals.includes(code) ? [] : [`${name}: '${code}' is none of its refusals`]),
    ]);
  });
}

/** Fields that say `names` of what is neither a record nor a list of codes here; fields to search that are none; codes that stand in a list twice. */
function namesFaults(system: SystemType): readonly string[] {
  const isKnown = (name: string) => system.records.has(name) || system.codeLists.has(name);
  const inputs = [...system.commands.values(), ...system.questions.values()].map(({ name, input }) => ({
    name,
    schema: input,
  }));
  return [
    ...[...system.records.values(), ...inputs].flatMap(({ name, schema }) =>
      namesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
        .filter((named) => !isKnown(named))
        .map((named) => `${name}: '${named}' is neither a record nor a list of codes`),
    ),
    ...[...system.records.values()].flatMap(({ name, schema, search }) =>
      search
        .filter((field) => !fieldNames(schema).includes(field))
        .map((field) => `${name}: lists cannot search '${field}', which it has not`),
    ),
    ...[...system.codeLists.values()].flatMap(({ name, codes }) =>
      repeated(codes.map(({ code }) => code)).map((code) => `${name}: '${code}' stands there twice`),
    ),
  ];
}

function namesIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { names, ...rest } = part as { readonly names?: unknown };
  return [...(typeof names === 'string' ? [names] : []), ...Object.values(rest).flatMap(namesIn)];
}

interface NamedHistory {
  readonly name: string;
  readonly member?: string;
  readonly history: History<unknown>;
}

function histories(system: SystemType): readonly NamedHistory[] {
  const own = Object.entries(system.parameters).map(([name, history]) => ({ name, history }));
  const overlaid = Object.entries(system.overlays).flatMap(([member, parameters]) =>
    Object.entries(parameters).flatMap(([name, history]) =>
      history === undefined ? [] : [{ name: `${name} of ${member}`, member, history }],
    ),
  );
  return [...own, ...overlaid];
}

function schemas(system: SystemType): readonly { readonly name: string; readonly schema: z.ZodType }[] {
  return [
    ...[...system.records.values()].map(({ name, schema }) => ({ name, schema })),
    ...[...system.commands.values()].map(({ name, input }) => ({ name, schema: input })),
    ...[...system.messages.values()].flatMap(({ name, data, reply }) => [
      { name, schema: data },
      ...(reply === undefined ? [] : [{ name: `${name}, the reply`, schema: reply }]),
    ]),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  return names.filter((name, i) => names.indexOf(name) !== i);
}
