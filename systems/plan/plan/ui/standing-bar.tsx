import { type Standing, total } from './figures.ts';
import { words } from './texts.ts';

const kinds = [
  ['done', 'part-done', 'done'],
  ['onCourse', 'part-on', 'begun'],
  ['late', 'part-late', 'late'],
  ['notBegun', 'part-none', 'not-begun'],
] as const;

/** Done, under way, late, not begun: always in this order. */
export function StandingBar({ of }: { readonly of: Standing }) {
  const text = kinds.map(([name, , word]) => words(word, { n: of[name] })).join(', ');
  return (
    <div className="parts-bar" role="img" aria-label={`${total(of)}: ${text}`}>
      {kinds.map(([name, className]) =>
        of[name] > 0 ? <span key={name} className={className} style={{ flexGrow: of[name] }} /> : null,
      )}
    </div>
  );
}

/** The same in words, with the marks of the bar. */
export function StandingWords({ of }: { readonly of: Standing }) {
  return (
    <ul className="inline-list small">
      {kinds.map(([name, className, word]) => (
        <li key={name} className="mark-word">
          <span className={`swatch ${className}`} />
          {words(word, { n: of[name] })}
        </li>
      ))}
    </ul>
  );
}
