/** Something that must hold and does not. */
export interface Finding {
  /** Which rule, e.g. `12.5`, `rest`, a system's invariant. */
  readonly rule: string;
  readonly at: string;
  readonly detail: string;
}
