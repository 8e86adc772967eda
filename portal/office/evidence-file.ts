/** An evidence file as far as a page tells of it. */
export interface EvidenceFile {
  readonly format: string;
  readonly message: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly head: string;
  readonly receipt: string;
  readonly directories: readonly { readonly canonical: string }[];
  readonly blobs?: readonly unknown[];
}

/** One step as the node found it. */
export interface EvidenceStep {
  readonly step:
    | 'file'
    | 'directories'
    | 'head'
    | 'message'
    | 'parties'
    | 'receipt'
    | 'refusals'
    | 'revocation'
    | 'checkpoint'
    | 'blobs';
  readonly ok: boolean;
  readonly detail: string;
}

/** What came out of a verification. */
export interface Verified {
  readonly ok: boolean;
  /** Hash of the directory that was trusted. */
  readonly trusted: string;
  readonly steps: readonly EvidenceStep[];
  readonly says?: {
    readonly message: { readonly id: string; readonly type: string; readonly subject: string };
    readonly from: string;
    readonly to: string;
    readonly place: { readonly stream: string; readonly epoch: number; readonly number: number };
    readonly sentAt: string;
    readonly receivedAt: string;
  };
}

/** The lines `name value` of a signed text such as a batch's head. */
export function linesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes(' '))
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

/** The file's text as an object, or undefined when it is none; what it says is believed only once it is verified. */
export function fileIn(text: string): EvidenceFile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'format' in value
      ? (value as EvidenceFile)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The message as it was signed, laid out for reading. */
export function messageText({ message }: EvidenceFile): string {
  const bytes = Uint8Array.from(atob(message), (letter) => letter.charCodeAt(0));
  return JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), undefined, 2);
}

/** First and last version of the directories in the file. */
export function versionsIn({ directories }: EvidenceFile): readonly [first: number, last: number] {
  const versions = directories.map(({ canonical }) => Number(Object(JSON.parse(canonical)).version));
  return [versions[0] ?? 0, versions.at(-1) ?? 0];
}
