import type { z } from 'zod';
import { type FieldReason, isFieldReason, type Locale, reasonText } from './reasons.ts';

/** Where the pages of the problem types stand; a type is this and its code. */
export const problemBase = 'https://yitong.example/problems/';

/** What is wrong with one part of the input. */
export interface ProblemError {
  /** JSON Pointer (RFC 6901) into the input; '' is the whole. */
  readonly pointer: string;
  /** Stable code of the reason. */
  readonly code: string;
  readonly detail?: string;
  readonly remedy?: string;
}

/** A problem as RFC 9457 has it (application/problem+json), with the remedy and the faulty fields as extensions. */
export interface Problem {
  readonly type: string;
  /** The same for each problem of the type. */
  readonly title: string;
  readonly status: number;
  /** What happened this time; never personal data. */
  readonly detail: string;
  readonly instance?: string;
  readonly errors?: readonly ProblemError[];
  /** What the asker can do. */
  readonly remedy?: string;
  /** Facts that a refusal tells besides its code. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What a problem is made of; `code` becomes the type, `detail` is the title unless given. */
export interface ProblemParts extends Omit<Problem, 'type' | 'detail'> {
  readonly code: string;
  readonly detail?: string;
}

/** How to explain a schema's error. */
export interface ExplainOptions {
  readonly locale?: Locale;
  /** Pointer of the place in the whole input that was parsed, such as '/items/3'. */
  readonly at?: string;
  /** What was parsed: tells a missing field from one of the wrong type. Nothing of it is repeated. */
  readonly input?: unknown;
}

const CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const ERRORS_MAX = 100;
/** Names such as schemas declare; any other key of the input could itself be personal data, such as an identity number. */
const TELLABLE_NAME = /^(?!.*[0-9]{7})[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

const invalidInput = {
  en: {
    title: 'The input is not valid',
    detail: (n: number) => `${n} ${n === 1 ? 'field needs' : 'fields need'} attention`,
  },
  'zh-CN': { title: '填报内容有误', detail: (n: number) => `有 ${n} 处需要更正` },
} as const;

/** Thrown by readers of input when it does not fit; carries the problem to show. */
export class InputProblem extends Error {
  override readonly name = 'InputProblem';
  readonly problem: Problem;

  constructor(of: Problem) {
    super(of.detail);
    this.problem = of;
  }
}

/** Reads input (its JSON form) by a schema; throws InputProblem that names each fault by pointer, reason and remedy. */
export function readInput<T>(
  schema: z.ZodType<T>,
  input: unknown,
  options: Omit<ExplainOptions, 'input'> = {},
): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputProblem(zodProblem(parsed.error, { ...options, input }));
}

/** The type URI of a problem code such as 'invalid-input' or 'medical-settlement/filing-required'; throws on another form. */
export function problemType(code: string): string {
  if (!CODE.test(code))
    throw new RangeError(`a problem code is written in small letters with hyphens: ${code}`);
  return problemBase + code;
}

/** The code in a problem's type; undefined for types that are not ours. */
export function problemCode(of: Pick<Problem, 'type'>): string | undefined {
  return of.type.startsWith(problemBase) ? of.type.slice(problemBase.length) : undefined;
}

/** Makes a problem of its parts. */
export function problem({ code, title, status, detail, ...rest }: ProblemParts): Problem {
  return { type: problemType(code), title, status, detail: detail ?? title, ...rest };
}

/** A schema's error as a 422 problem 'invalid-input': each fault with pointer, code, reason and remedy, never with the value. */
export function zodProblem(error: z.core.$ZodError, options: ExplainOptions = {}): Problem {
  const { locale = 'en' } = options;
  const errors = zodErrors(error, options);
  return problem({
    code: 'invalid-input',
    ...invalidInputText(errors.length, locale),
    status: 422,
    errors: errors.slice(0, ERRORS_MAX),
    ...(errors[0]?.remedy === undefined ? {} : { remedy: errors[0].remedy }),
  });
}

/** Title and detail of the problem 'invalid-input' for so many faults. */
export function invalidInputText(
  faults: number,
  locale: Locale,
): { readonly title: string; readonly detail: string } {
  const { title, detail } = invalidInput[locale];
  return { title, detail: detail(faults) };
}

/** A schema's error as a list of faults in the order of the input, without the frame of a problem. */
export function zodErrors(error: z.core.$ZodError, options: ExplainOptions = {}): ProblemError[] {
  return error.issues
    .flatMap((issue) => faultsOf(issue, [], options.input))
    .map((fault) => ({
      pointer: (options.at ?? '') + pointerTo(fault.path),
      ...explain(fault, options.locale ?? 'en'),
    }));
}

/** The JSON Pointer of a path; keys such as no schema declares are told as '…'. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${TELLABLE_NAME.test(String(part)) ? String(part) : '…'}`).join('');
}

interface Fault {
  readonly path: readonly PropertyKey[];
  /** One of the field reasons, or a code of the system's own refinement. */
  readonly reason: string;
  /** The author's text of a refinement of the system's own. */
  readonly message?: string;
  readonly choices?: readonly string[];
}

function explain({ reason, message, choices }: Fault, locale: Locale): Omit<ProblemError, 'pointer'> {
  if (!isFieldReason(reason))
    return message === undefined ? { code: reason } : { code: reason, detail: message };
  const { detail, remedy } = reasonText(reason, locale);
  return { code: reason, detail: choices ? `${detail}: ${choices.join(', ')}` : detail, remedy };
}

function faultsOf(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[], input: unknown): Fault[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], reason: 'unknown-field' }));
    case 'invalid_union':
      return unionFaults(issue, path, input);
    case 'invalid_key':
    case 'invalid_element':
      return [{ path, reason: 'wrong-form' }];
    case 'invalid_value':
      return [missing(path, input) ?? { path, reason: 'not-one-of', choices: issue.values.map(String) }];
    case 'custom':
      return [{ path, ...customReason(issue) }];
    default:
      return [missing(path, input) ?? { path, reason: plainReason(issue) }];
  }
}

/** Of the variants of a union the one that fits best speaks: the one with the fewest faults, then the one whose faults lie deepest. */
function unionFaults(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
  input: unknown,
): Fault[] {
  const absent = missing(path, input);
  if (absent) return [absent];
  const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a));
  if (nearest) return nearest.flatMap((inner) => faultsOf(inner, path, input));
  const choices = 'options' in issue ? issue.options?.map(String) : undefined;
  return [{ path, reason: 'not-one-of', ...(choices === undefined ? {} : { choices }) }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function customReason(issue: z.core.$ZodIssueCustom): Pick<Fault, 'reason' | 'message'> {
  const reason: unknown = issue.params?.['reason'];
  return typeof reason === 'string' && CODE.test(reason)
    ? { reason, message: issue.message }
    : { reason: 'invalid' };
}

type PlainIssue = Exclude<
  z.core.$ZodIssue,
  {
    code:
      | 'unrecognized_keys'
      | 'invalid_union'
      | 'invalid_key'
      | 'invalid_element'
      | 'invalid_value'
      | 'custom';
  }
>;

function plainReason(issue: PlainIssue): FieldReason {
  const ofNumber =
    'origin' in issue && (issue.origin === 'number' || issue.origin === 'int' || issue.origin === 'bigint');
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'required';
      return issue.expected === 'int' ? 'not-whole' : 'wrong-type';
    case 'too_big':
      return ofNumber ? 'too-large' : 'too-long';
    case 'too_small':
      return ofNumber ? 'too-small' : 'too-short';
    case 'not_multiple_of':
    case 'invalid_format':
      return 'wrong-form';
  }
}

/** The fault that the field is not there, when the input shows it. */
function missing(path: readonly PropertyKey[], input: unknown): Fault | undefined {
  if (input === undefined) return undefined;
  let value: unknown = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value === undefined ? { path, reason: 'required' } : undefined;
}
