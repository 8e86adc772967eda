/** Where a row of the results file stands: `bad` was not taken at all, `nothing` is a line without commands. */
export type RowState = 'done' | 'open' | 'held' | 'refused' | 'bad' | 'nothing';

/** One line of the results file: what became of a line of the imported file, or of one of its commands. */
export interface Row {
  /** Line of the imported file, from 1. */
  readonly line: number;
  readonly state: RowState;
  /** The intake's own name of the line, such as the bill's number. */
  readonly key?: string;
  readonly id?: string;
  /** Position in the node's journal, `partition.position`. */
  readonly at?: string;
  /** What the system tells of the end, such as the shares. */
  readonly result?: unknown;
  /** Why it was refused: code, words, field, remedy, facts. */
  readonly refusal?: {
    readonly code: string;
    readonly detail: string;
    readonly at?: string;
    readonly remedy?: string;
    readonly facts?: unknown;
  };
  /** What is wrong with a bad line. */
  readonly field?: string;
  readonly column?: number;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Whether a row may still change. */
export function isUnsettled(row: Row): boolean {
  return row.state === 'open' || row.state === 'held';
}
