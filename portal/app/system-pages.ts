import type { SystemHome, SystemPage, SystemUi } from '../system-page.ts';

const lists = import.meta.glob<SystemUi>('../../systems/*/*/ui/pages.ts', { eager: true });

/** Where in the portal something stands that a system brings. */
interface Brought {
  readonly system: string;
  /** File as the build knows it. */
  readonly file: string;
}

/** A page that a system brings, with its whole path. */
export interface FoundPage extends SystemPage, Brought {
  /** Path after the language. */
  readonly at: string;
}

const found = Object.entries(lists).map(([list, ui]) => {
  const folder = list.slice(0, -'/pages.ts'.length);
  return { folder, system: folder.split('/').at(-2) ?? '', ui };
});

/** All pages that systems bring. */
export const systemPages: readonly FoundPage[] = found.flatMap(({ folder, system, ui }) =>
  ui.pages.map((one) => ({ ...one, system, at: `/${system}/${one.path}`, file: `${folder}/${one.source}` })),
);

/** What systems show on front pages. */
export const systemHomes: readonly (SystemHome & Brought)[] = found.flatMap(({ folder, system, ui }) =>
  (ui.home ?? []).map((one) => ({ ...one, system, file: `${folder}/${one.source}` })),
);
