import { checkCitizenId, maskCitizenId } from '@yitong/kit';

const eighteen = /(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])/g;
const credentials = /\b(?:[Bb]earer\s+)?eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*/g;
const mobiles = /(?<![0-9])1[3-9][0-9]{9}(?![0-9])/g;

/** A text for a list: citizens' numbers in it are masked; other numbers of 18 characters, such as credit codes, stay. */
function maskText(text: string): string {
  return text.length < 18
    ? text
    : text.replace(eighteen, (found) => (checkCitizenId(found).ok ? maskCitizenId(found) : found));
}

/** A value for a list: every citizen's number in it is masked, however deep. */
export function masked(value: unknown): unknown {
  return mapTexts(value, maskText, 0);
}

/** A text for the log: whatever looks like a citizen's number, a mobile number or a token is masked, valid or not. */
export function maskForLog(text: string): string {
  if (text.length < 11) return text;
  return text
    .replace(credentials, '[token]')
    .replace(eighteen, (found) => maskCitizenId(found))
    .replace(mobiles, (found) => `${found.slice(0, 3)}****${found.slice(7)}`);
}

/** A value for the log, at most eight levels of it. */
export function maskedForLog(value: unknown): unknown {
  return mapTexts(value, maskForLog, 0);
}

function mapTexts(value: unknown, map: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 16) return '…';
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [map(key), mapTexts(inner, map, depth + 1)]),
  );
}
