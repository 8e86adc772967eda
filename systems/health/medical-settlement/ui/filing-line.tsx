import { dayText, placeName, today } from '@yitong/portal';
import { words } from './filing-texts.ts';

/** A filing as its list has it. 异地就医备案 */
export interface FilingRow {
  readonly kind: string;
  readonly status: string;
  readonly places: readonly string[];
  readonly from: string;
  readonly to: string | null;
}

/** Whether a filing stands today or will. */
export function inForce({ status, to }: FilingRow): boolean {
  return status === 'active' && (to === null || to >= today());
}

/** A filing in one line: where, why, how long. */
export function FilingLine({ of, kind }: { readonly of: FilingRow; readonly kind: string }) {
  const { places, from, to } = of;
  const days =
    to === null
      ? words('filing.open', { from: dayText(from) })
      : words('filing.until', { from: dayText(from), to: dayText(to) });
  return (
    <span>
      <span className="block strong">
        {places.map((place) => placeName(place)).join(', ')} · {kind}
      </span>
      <span className="block small quiet">{days}</span>
    </span>
  );
}
