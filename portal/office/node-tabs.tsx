import { Go } from '../parts/go.tsx';
import { say } from './node-words.ts';

/** The operators' pages, one beside the other. */
export function NodeTabs({ at }: { readonly at: 'overview' | 'directory' | 'reads' | 'glasses' }) {
  const pages = [
    ['overview', '/status', say('nav.overview')],
    ['directory', '/status/directory', say('nav.directory')],
    ['reads', '/status/reads', say('nav.reads')],
    ['glasses', '/status/glasses', say('nav.glasses')],
  ] as const;
  return (
    <nav className="switch node-tabs" aria-label={pages.map(([, , title]) => title).join(', ')}>
      {pages.map(([name, to, title]) => (
        <Go key={name} to={to} current={name === at}>
          {title}
        </Go>
      ))}
    </nav>
  );
}
