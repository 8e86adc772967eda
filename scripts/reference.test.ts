import { expect, test } from 'vitest';
import { referencePages } from './reference/pages.ts';
import { exists, text } from './tree.ts';

test.for(Object.entries(await referencePages()))(
  '%s says what the code says (else: npm run reference)',
  ([path, page]) => {
    expect(exists(path) ? text(path) : '').toBe(page);
  },
);
