import type { SessionEnd } from './demand.ts';
import type { Problem } from './problem.ts';

/** What `/session` tells: whose node this is, and who looks at it. */
export interface Session {
  readonly member: string;
  readonly region: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly demonstration: boolean;
  readonly canSignIn: boolean;
  readonly who: {
    readonly id: string;
    readonly name: string;
    /** `<system>/<role>` */
    readonly roles: readonly string[];
    /** Signed in as themselves, not for an office. */
    readonly isPerson: boolean;
    readonly secondsLeft: number;
    /** What will end it. */
    readonly endsBy: SessionEnd;
  } | null;
  /** Why the session that this browser had is over. */
  readonly ended: SessionEnd | null;
}

/** Where a member's part of an answer stands. */
export interface Source {
  readonly member: string;
  readonly state: 'fresh' | 'stale' | 'unreachable' | 'refused';
  readonly asOf: string | null;
}

/** What every list is wrapped in. */
export interface Envelope<T> {
  readonly data: readonly T[];
  readonly asOf: string;
  readonly sources: readonly Source[];
  readonly next: string | null;
  readonly count?: number;
}

/** A row of a list. */
export interface Row<V = Fields> {
  readonly href: string;
  readonly subject: string;
  readonly id: string;
  readonly owner: string;
  readonly version: number;
  readonly at: string;
  readonly value: V;
}

/** A file beside the journal, as a field of kind `file` names it. */
export interface FileRef {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly name: string;
}

/** A record's or input's fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** A whole record. */
export interface RecordView<V = Fields> extends Omit<Row<V>, 'href'> {
  readonly type: string;
}

/** A record's versions, the newest first, and the way it went over the members. */
export interface History extends Omit<RecordView, 'value'> {
  readonly data: readonly { readonly at: string; readonly time: string; readonly value?: Fields | null }[];
  readonly way: Way;
}

/** One step of a record's way. */
export interface WayStep {
  readonly step: 'begun' | 'accepted' | 'due' | 'sent' | 'received' | 'rejected' | 'handled' | 'answered';
  /** Where it happened, and the other member where two are concerned. */
  readonly member: string;
  readonly peer?: string;
  readonly time: string;
  /** The message: its type, empty where it was erased, and its id. */
  readonly type: string;
  readonly id: string;
  /** By whose word it is known. */
  readonly says: { readonly member: string; readonly by: 'journal' | 'frame' | 'message' | 'receipt' };
  readonly frame?: { readonly stream: string; readonly seq: number };
  readonly at?: string;
}

/** What a record still waits for, and whose turn it is. */
export interface WayWait {
  readonly wait: 'frame' | 'receipt' | 'answer' | 'people';
  readonly member: string;
  readonly since: string;
  readonly type?: string;
  readonly id?: string;
  readonly awaySince?: string;
}

/** The steps of a record over the members, the oldest first. 办理经过 */
export interface Way {
  readonly steps: readonly WayStep[];
  readonly waits: readonly WayWait[];
  readonly isCut: boolean;
}

/** What became of a command. */
export interface Answer {
  readonly state: 'done' | 'open' | 'held' | 'refused' | 'invalid' | 'busy';
  readonly id?: string;
  readonly subject?: string;
  readonly conversation?: string;
  readonly made?: readonly {
    readonly type: string;
    readonly subject: string;
    readonly id: string;
    readonly href?: string;
  }[];
  readonly records?: readonly RecordView[];
  readonly problem?: Problem;
}

/** A part of a JSON Schema, as far as pages read it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly kind?: string;
  /** Record or list of codes of the same system that a code names, by its name. */
  readonly names?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A command as it is declared. */
export interface Command {
  readonly name: string;
  readonly type: string;
  readonly by: readonly string[];
  readonly about: string;
  /** Field of the input that holds the subject's key, if one does. */
  readonly key: string | null;
  /** Field of the input that holds the citizen number, if one does. */
  readonly person: string | null;
  readonly refusals: readonly string[];
  /** Values of a record's field by which it is refused, each with the refusal. */
  readonly closed: {
    readonly record: string;
    readonly field: string;
    readonly when: Readonly<Record<string, string>>;
  } | null;
  readonly input: Schema;
}

/** A question to other members as it is declared. */
export interface Question {
  readonly name: string;
  readonly type: string;
  readonly purposes: readonly string[];
  /** `needed`: answered only where the person agreed. */
  readonly consent: 'needed' | 'by-law';
  readonly asked: readonly string[];
  readonly about: string;
  readonly isPerson: boolean;
  readonly refusals: readonly string[];
  readonly input: Schema;
  readonly answer: Schema;
}

/** What one member answered; `no-answer` and `busy` say nothing of what it holds. */
export type QuestionAnswer =
  | { readonly state: 'answered'; readonly from: string; readonly at: string; readonly value: unknown }
  | { readonly state: 'refused'; readonly from: string; readonly code: string; readonly facts: Fields }
  | { readonly state: 'unknown-subject' | 'busy'; readonly from: string }
  | { readonly state: 'no-answer'; readonly from: string; readonly why: string };

/** A person's agreement that a member asks something about them. 授权同意 */
export interface Consent {
  readonly id: string;
  readonly member: string;
  /** Type of the question. */
  readonly question: string;
  readonly purpose?: string;
  readonly given?: string;
  readonly until: string;
  readonly withdrawn?: string;
}

/** A record as it is declared. */
export interface RecordType {
  readonly name: string;
  readonly type: string;
  readonly about: string;
  readonly isPerson: boolean;
  readonly each: string | null;
  readonly person: string | null;
  readonly readers: readonly string[];
  /** Roles that may read it in an emergency. */
  readonly breakGlass: readonly string[];
  readonly list: readonly string[];
  readonly find: readonly string[];
  /** Fields in which its lists look for words. */
  readonly search: readonly string[];
  readonly groups: readonly string[];
  readonly copies: 'all' | null;
  readonly keep: { readonly n: number; readonly unit: string };
  readonly isOnMap: boolean;
  readonly schema: Schema;
}

/** A system as it is declared, with its texts in the page's language. */
export interface Declaration {
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
  readonly purposes: readonly string[];
  readonly commands: readonly Command[];
  readonly records: readonly RecordType[];
  readonly questions: readonly Question[];
  readonly accounts: readonly {
    readonly name: string;
    readonly side: 'debit' | 'credit';
    readonly per: string | null;
    readonly mirror: string | null;
  }[];
  readonly rules: readonly {
    readonly name: string;
    readonly about: string;
    /** Shapes of what it takes and gives, where pages offer to try it. */
    readonly input: Schema | null;
    readonly answer: Schema | null;
  }[];
  readonly parameters: readonly string[];
  readonly codeLists: readonly string[];
}
