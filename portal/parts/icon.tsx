import type { LucideIcon } from 'lucide-react';

/** An icon beside a word; it says nothing that the word does not. */
export function Icon({
  of: Shape,
  size = 20,
}: {
  readonly of: LucideIcon;
  readonly size?: 16 | 18 | 20 | 24;
}) {
  return <Shape size={size} strokeWidth={1.75} aria-hidden="true" focusable="false" />;
}

/** The region's mark: four ends, one way. */
export function Mark() {
  return (
    <svg
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M3 8h1.5c4.5 0 3.5 8 8 8h7c4.5 0 3.5-8 8-8H29M3 24h1.5c4.5 0 3.5-8 8-8h7c4.5 0 3.5 8 8 8H29" />
    </svg>
  );
}

/** Marks of a state, told apart by their shape: good ●, away ◆, not yet ○, broken ■. */
export function StateMark({ state }: { readonly state: 'good' | 'away' | 'none' | 'bad' }) {
  const shapes = {
    good: <circle cx="5" cy="5" r="4" fill="var(--good)" />,
    away: <path d="M5 .5 9.5 5 5 9.5.5 5Z" fill="var(--you)" />,
    none: <circle cx="5" cy="5" r="3.5" fill="none" stroke="var(--line)" strokeWidth="1.25" />,
    bad: <rect x="1" y="1" width="8" height="8" fill="var(--bad)" />,
  };
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      {shapes[state]}
    </svg>
  );
}
