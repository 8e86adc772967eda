/** The parts of a start, in order. */
export type StepName = 'build' | 'portal' | 'postgres' | 'keys' | 'databases' | 'issuer' | 'nodes';

/** How a start tells what it does; whoever asked for it decides how that looks. */
export interface Report {
  /** `done` of `total` parts of a step are finished; equal when it is over. */
  step(name: StepName, done: number, total: number): void;
  /** Something that people should know and that did not stop the start: one line. */
  notice(text: string): void;
}
