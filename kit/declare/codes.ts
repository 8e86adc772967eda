/** A code that people know by its name. */
export interface Code {
  readonly code: string;
  readonly name: string;
  /** Its name in English, if it has one. */
  readonly nameEn?: string;
}

/** A declared list of codes: what a field's code may stand for where no record says it. 代码表 */
export interface CodeList {
  readonly name: string;
  readonly codes: readonly Code[];
}
