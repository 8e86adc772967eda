import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from './reference/pages.ts';
import { top } from './tree.ts';

for (const [path, page] of Object.entries(referencePages())) {
  writeFileSync(join(top, path), page);
  console.log(path);
}
