import { Component, type ReactNode, startTransition, useEffect, useState } from 'react';
import { Router, useLocation } from 'wouter';
import { NotFound } from '../pages/not-found.tsx';
import { Broken, Waiting } from '../parts/states.tsx';
import { ShownContext } from './address.ts';
import { type OpenedPage, openPage } from './pages.ts';
import { Shell } from './shell.tsx';
import { language } from './texts.ts';

/** Milliseconds for which the page that was left stays while the next one's file is on its way. */
const staysMs = 300;

interface Opening extends Omit<OpenedPage, 'Page'> {
  readonly search: string;
  /** What stands in the page's place. */
  readonly content: ReactNode;
}

/** What an address leads to, or why nothing does. */
export async function opening(path: string): Promise<Opening> {
  const at = { path, params: {}, search: location.search };
  try {
    const page = await openPage(path);
    if (page === undefined) return { ...at, content: <NotFound /> };
    return { ...at, params: page.params, content: <page.Page /> };
  } catch (error) {
    return { ...at, content: <Broken error={error} retry={() => location.reload()} /> };
  }
}

/** Path after the language of where the browser is. */
export function pathNow(): string {
  return location.pathname.slice(`/${language}`.length) || '/';
}

/** All pages, under the language that the address begins with; `first` stands there at once. */
export function Pages({ first }: { readonly first: Opening }) {
  return (
    <Router base={`/${language}`} aroundNav={leaving}>
      <Current first={first} />
    </Router>
  );
}

function Current({ first }: { readonly first: Opening }) {
  const [path] = useLocation();
  const [shown, setShown] = useState(first);
  useEffect(() => {
    if (path === shown.path) return;
    let isLatest = true;
    const wait = setTimeout(() => setShown((left) => ({ ...left, content: <Waiting /> })), staysMs);
    void opening(path).then((next) => {
      clearTimeout(wait);
      if (isLatest) startTransition(() => setShown(next));
    });
    return () => {
      isLatest = false;
      clearTimeout(wait);
    };
  }, [path, shown.path]);
  useEffect(() => arrive(shown.path), [shown.path]);
  return (
    <ShownContext value={shown}>
      <Shell path={shown.path}>
        <Guarded key={shown.path}>{shown.content}</Guarded>
      </Shell>
    </ShownContext>
  );
}

interface Place {
  readonly y?: number;
}

/** Notes how far down somebody was on the page that they leave, for when they come back. */
function leaving(navigate: (to: string, options?: object) => void, to: string, options?: object): void {
  const isLeft = !(options as { readonly replace?: boolean } | undefined)?.replace;
  if (isLeft) history.replaceState({ y: scrollY } satisfies Place, '');
  navigate(to, options);
}

/** A page is read from its beginning, from the place that its address names, or from where one left it. */
function arrive(path: string): void {
  if (path !== pathNow()) return;
  const named = document.getElementById(location.hash.slice(1));
  if (named !== null) named.scrollIntoView();
  else scrollTo(0, (history.state as Place | null)?.y ?? 0);
}

/** What a page's own failure stops at: the frame around it stays. */
class Guarded extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />;
  }
}
