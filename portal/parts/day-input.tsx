import { type ComponentProps, useId } from 'react';
import { dayText, monthText } from '../app/format.ts';

interface DayInputProps extends Omit<ComponentProps<'input'>, 'type' | 'value'> {
  /** `YYYY-MM-DD`, or `YYYY-MM` of a month; empty while none is chosen. */
  readonly value: string;
  readonly of?: 'date' | 'month';
}

/**
 * A day or month by the browser's own calendar. Browsers write it as they are set up, whatever the page's language: 03/09/2026 may be either of two
 * days. So what was chosen stands below in the page's own words.
 */
export function DayInput({ value, of = 'date', ...rest }: DayInputProps) {
  const words = useId();
  return (
    <span className="day-input">
      <input {...rest} type={of} value={value} aria-describedby={words} />
      <span id={words} className="small quiet">
        {value !== '' && (of === 'month' ? monthText(value) : dayText(value))}
      </span>
    </span>
  );
}
