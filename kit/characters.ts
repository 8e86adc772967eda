import type { FieldReason } from './reasons.ts';

// C0 and C1 controls with DEL: all of them, and all but tab and line feed.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const CONTROL_BUT_TAB_AND_LINE_FEED = /[^\P{Cc}\t\n]/u;
// Soft hyphen, Arabic letter mark, Hangul and Khmer fillers, zero-width characters, direction marks, embeddings, overrides, isolates,
// invisible operators, byte-order mark, interlinear anchors, tags. Variation selectors stay: names of rare characters need them.
const INVISIBLE =
  /[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/u;
const PLAIN = /^[\u0020-\u007E\u3001-\u3029\u4E00-\u9FFF\uFF01-\uFF5E]*$/;

/** What forbids a free text, in which lines may break and tabs stand; undefined when nothing does. */
export function faultOfText(text: string): FieldReason | undefined {
  if (PLAIN.test(text)) return undefined;
  if (CONTROL_BUT_TAB_AND_LINE_FEED.test(text)) return 'control-character';
  return faultOfCharacters(text);
}

/** What forbids an identifier or a name on one line; identifiers must also be in form NFC. */
export function faultOfIdentifier(text: string): FieldReason | undefined {
  if (PLAIN.test(text)) return undefined;
  if (CONTROL.test(text)) return 'control-character';
  return faultOfCharacters(text) ?? (text === text.normalize('NFC') ? undefined : 'not-normalised');
}

/** What forbids a name on one line (of a person, firm or place); compatibility characters of rare names are left as they are. */
export function faultOfLine(text: string): FieldReason | undefined {
  if (PLAIN.test(text)) return undefined;
  return CONTROL.test(text) ? 'control-character' : faultOfCharacters(text);
}

function faultOfCharacters(text: string): FieldReason | undefined {
  if (INVISIBLE.test(text)) return 'invisible-character';
  return isWellFormed(text) ? undefined : 'not-text';
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
