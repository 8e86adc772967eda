import type { z } from 'zod';
import type { Period } from '../time.ts';
import type { SubjectKind } from './subject.ts';

/** A shape on a map, WGS 84: a point, several, or a line through them in their order. */
export interface MapShape {
  readonly is: 'point' | 'points' | 'line';
  readonly at: readonly {
    /** Degrees. */
    readonly lon: number;
    readonly lat: number;
    readonly name?: string;
    /** How well the place is known, in the system's own words. */
    readonly accuracy?: string;
  }[];
}

/** What a system says of a record. 记录 */
export interface RecordHead<K extends string, T, R extends string> {
  readonly about: SubjectKind<K>;
  readonly schema: z.ZodType<T>;
  /** How long after its last change it is kept. 保存期限 */
  readonly keep: Period;
  /** The rule that sets how long: publisher, title, article. What a person is told when it is deleted. */
  readonly keptBy?: string;
  /** Who may read it; `self`: the person it is about. 可见人 */
  readonly readers: readonly (R | 'self' | 'public')[];
  /** Who may read it in an emergency though they are none of its readers: with a reason, a fresh and strong sign-in, and marked for the person. 紧急查阅(破窗) */
  readonly breakGlass?: readonly R[];
  /** The field that tells several records of one subject apart; absent: one a subject. 逐项 */
  readonly each?: keyof T & string;
  /** The field that holds the citizen number of the person concerned, when the subject is not that person. */
  readonly person?: keyof T & string;
  /** Fields shown in lists, and fields that lists filter and sort by (top level of the body). */
  readonly list?: readonly (keyof T & string)[];
  readonly find?: readonly (keyof T & string)[];
  /** Text fields in which lists look for words, and by which a form's field that names such a record finds it (top level of the body). 检索 */
  readonly search?: readonly (keyof T & string)[];
  /** Fields that stand on a paper which its reader takes along, in their order (top level of the body); those of lists when absent. 凭证 */
  readonly paper?: readonly (keyof T & string)[];
  /** Fields that lists are counted by (top level of the body); of a list of values each counts. 分组统计 */
  readonly groups?: readonly (keyof T & string)[];
  /** Where on a map it lies, if it does. 图上位置 */
  map?(value: T): MapShape | undefined;
  /** Public fact that every member holds a copy of. 副本共享 */
  readonly copies?: 'all' | undefined;
  /** Version of the schema; `lift` turns an older body (JSON form) into the next version's. */
  readonly version?: number;
  lift?(old: unknown, version: number): unknown;
}

/** A declared record type; its table is `r_<system>_<name>` with hyphens as underscores. */
export interface RecordType<K extends string = string, T = unknown> {
  readonly is: 'record';
  readonly system: string;
  readonly name: string;
  /** `<system>/<name>` */
  readonly type: string;
  readonly about: SubjectKind<K>;
  readonly schema: z.ZodType<T>;
  readonly keep: Period;
  readonly keptBy?: string;
  readonly readers: readonly string[];
  readonly breakGlass?: readonly string[];
  readonly each?: string;
  readonly person?: string;
  readonly list: readonly string[];
  readonly find: readonly string[];
  readonly search: readonly string[];
  readonly paper?: readonly string[];
  readonly groups: readonly string[];
  map?(value: T): MapShape | undefined;
  readonly copies?: 'all' | undefined;
  readonly version: number;
  lift?(old: unknown, version: number): unknown;
}

/** A record type whose copies every member holds, readable by every handler. */
export type CopiedRecord<T = unknown> = RecordType<string, T> & { readonly copies: 'all' };
