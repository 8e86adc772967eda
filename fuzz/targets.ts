import type { Target } from './target.ts';
import { targets as documents } from './targets/documents.ts';
import { targets as door } from './targets/door.ts';
import { targets as fields } from './targets/fields.ts';
import { targets as imports } from './targets/imports.ts';
import { targets as wire } from './targets/wire.ts';

/** Every parser that reads bytes from outside, by the file in `targets/` that says what must hold of it. */
export const groups: Readonly<Record<string, readonly Target[]>> = { wire, documents, door, imports, fields };
