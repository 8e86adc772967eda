import { accessesPath } from './app/accesses-path.ts';
import type { FirstAsked } from './system-page.ts';

/** One page of the portal: its path after the language, and the file that shows it. */
export interface PageRoute {
  /** Words that begin with a colon stand for any word. */
  readonly path: string;
  /** File beside this one. */
  readonly source: string;
  readonly first?: readonly FirstAsked[];
}

/** What pages are generated from. */
const ofSystem: readonly FirstAsked[] = [{ path: '/systems/:system', isSame: true }];

/** The portal's own pages, the most special first; those of systems stand in their folders, see `system-pages.ts`. */
export const routes: readonly PageRoute[] = [
  { path: '/', source: './pages/landing.tsx', first: [{ path: '/pulse' }] },
  {
    path: '/home',
    source: './pages/home.tsx',
    first: [
      { path: '/systems', isSame: true },
      { path: accessesPath, roles: ['self'] },
    ],
  },
  { path: '/sign-in-failed', source: './pages/sign-in-failed.tsx' },
  { path: '/signed-in', source: './pages/signed-in.tsx' },
  {
    path: '/me/accesses',
    source: './pages/accesses.tsx',
    first: [{ path: accessesPath, roles: ['self'] }],
  },
  { path: '/me/consents', source: './pages/consents.tsx' },
  { path: '/statement', source: './pages/statement.tsx' },
  { path: '/evidence', source: './pages/evidence.tsx' },
  { path: '/evidence/:id', source: './pages/evidence.tsx' },
  { path: '/statement/differences', source: './pages/differences.tsx' },
  { path: '/status/directory', source: './pages/node-directory.tsx' },
  { path: '/status/reads', source: './pages/node-reads.tsx' },
  { path: '/status/glasses', source: './pages/node-glasses.tsx' },
  { path: '/status', source: './pages/status.tsx', first: [{ path: '/pulse' }] },
  { path: '/verify', source: './pages/verify.tsx' },
  { path: '/accessibility', source: './pages/accessibility.tsx' },
  { path: '/:system', source: './pages/system.tsx', first: ofSystem },
  { path: '/:system/parameters', source: './pages/parameters.tsx', first: ofSystem },
  { path: '/:system/compare', source: './pages/compare.tsx', first: ofSystem },
  { path: '/:system/examples', source: './pages/examples.tsx', first: ofSystem },
  { path: '/:system/:name', source: './pages/declared.tsx', first: ofSystem },
  { path: '/:system/:name/:subject', source: './pages/record.tsx', first: ofSystem },
  { path: '/:system/:name/:subject/:key', source: './pages/record.tsx', first: ofSystem },
];
