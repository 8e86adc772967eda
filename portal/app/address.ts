import { createContext, useContext, useMemo } from 'react';
import { useLocation, useSearch as useSearchText } from 'wouter';

/** The page that is shown: its path after the language, what its route's words stand for, and the query that it was opened with. */
export interface Shown {
  readonly path: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly search: string;
}

/** Where pages find which of them is shown: the address is ahead of it while the next page's file is on its way. */
export const ShownContext = createContext<Shown>({ path: '/', params: {}, search: '' });

/** What the words of the page's route stand for. */
export function useParams(): Shown['params'] {
  return useContext(ShownContext).params;
}

/** What the query of the page's address says, as texts. */
export function useSearch(): Readonly<Record<string, string>> {
  const shown = useContext(ShownContext);
  const [path] = useLocation();
  const live = useSearchText();
  const search = path === shown.path ? live : shown.search;
  return useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
}

/** Goes to another page, by its path after the language. */
export function useGo(): (path: string) => void {
  const [, navigate] = useLocation();
  return (path) => navigate(path);
}

/** Writes what is chosen on a page into its address, in place of what was chosen before. */
export function useChoose(): (search: Readonly<Record<string, string | undefined>>) => void {
  const { path } = useContext(ShownContext);
  const [, navigate] = useLocation();
  return (search) => {
    const words = Object.entries(search).filter((one): one is [string, string] => one[1] !== undefined);
    const query = new URLSearchParams(words).toString();
    navigate(query === '' ? path : `${path}?${query}`, { replace: true });
  };
}
