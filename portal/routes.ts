/** One page of the portal: its path after the language, and the file that shows it. */
export interface PageRoute {
  /** Words that begin with a colon stand for any word. */
  readonly path: string;
  /** File beside this one. */
  readonly source: string;
}

/** The portal's own pages, the most special first; those of systems stand in their folders, see `system-pages.ts`. */
export const routes: readonly PageRoute[] = [
  { path: '/', source: './pages/landing.tsx' },
  { path: '/home', source: './pages/home.tsx' },
  { path: '/sign-in-failed', source: './pages/sign-in-failed.tsx' },
  { path: '/signed-in', source: './pages/signed-in.tsx' },
  { path: '/me/accesses', source: './pages/accesses.tsx' },
  { path: '/me/consents', source: './pages/consents.tsx' },
  { path: '/statement', source: './pages/statement.tsx' },
  { path: '/evidence', source: './pages/evidence.tsx' },
  { path: '/evidence/:id', source: './pages/evidence.tsx' },
  { path: '/statement/differences', source: './pages/differences.tsx' },
  { path: '/status/directory', source: './pages/node-directory.tsx' },
  { path: '/status/reads', source: './pages/node-reads.tsx' },
  { path: '/status/glasses', source: './pages/node-glasses.tsx' },
  { path: '/status', source: './pages/status.tsx' },
  { path: '/verify', source: './pages/verify.tsx' },
  { path: '/accessibility', source: './pages/accessibility.tsx' },
  { path: '/:system', source: './pages/system.tsx' },
  { path: '/:system/parameters', source: './pages/parameters.tsx' },
  { path: '/:system/compare', source: './pages/compare.tsx' },
  { path: '/:system/examples', source: './pages/examples.tsx' },
  { path: '/:system/:name', source: './pages/declared.tsx' },
  { path: '/:system/:name/:subject', source: './pages/record.tsx' },
  { path: '/:system/:name/:subject/:key', source: './pages/record.tsx' },
];
