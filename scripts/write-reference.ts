import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { referencePages } from './reference/pages.ts';
import { top } from './tree.ts';

for (const [path, page] of Object.entries(await referencePages())) {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), page);
  console.log(path);
}
