import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { NotFound } from '../pages/not-found.tsx';
import { Broken, Waiting } from '../parts/states.tsx';
import { routes } from '../routes.ts';
import { Shell } from './shell.tsx';
import { systemPages } from './system-pages.ts';
import { language } from './texts.ts';

interface PageFile {
  readonly Page: ComponentType;
}

const own = import.meta.glob<PageFile>('../pages/*.tsx');
const ofSystems = import.meta.glob<PageFile>('../../systems/*/*/ui/*.tsx');
/** The router of all pages, under the language that the address begins with. */
export function portalRouter() {
  const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
  const route = (path: string, load: (() => Promise<PageFile>) | undefined) => {
    if (load === undefined) throw new Error(`no file shows ${path}`);
    const component = lazyRouteComponent(load, 'Page');
    return createRoute({ getParentRoute: () => root, path: path.replaceAll(':', '$'), component });
  };
  const pages = routes.map(({ path, source }) => route(path, own[source.replace('./', '../')]));
  const brought = systemPages.map(({ at, file }) => route(at, ofSystems[file]));
  return createRouter({
    routeTree: root.addChildren([...brought, ...pages]),
    basepath: `/${language}`,
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultPendingComponent: Waiting,
    defaultErrorComponent: ({ error }) => <Broken error={error} />,
    scrollRestoration: true,
  });
}
