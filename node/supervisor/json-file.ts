import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { codeOf } from '../postgres/setup-error.ts';

/** A JSON file of a known shape; undefined when it is missing, torn or of another shape. */
export function readJsonFile<T>(path: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
