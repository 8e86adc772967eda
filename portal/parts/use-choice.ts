import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { type Found, type Option, type Source, shownOf } from './choice-source.ts';

/** Milliseconds after the last key when the node is asked. */
const calmMs = 250;

/** A box to choose in, as its parts see it. */
export interface ChoiceBox {
  /** What stands in the box. */
  readonly text: string;
  readonly isOpen: boolean;
  readonly isShort: boolean;
  readonly found: Found | undefined;
  /** What may be chosen cannot be had now. */
  readonly isFailed: boolean;
  readonly options: readonly Option[];
  /** Place of the option that the arrows are at. */
  readonly active: number | undefined;
  type(text: string): void;
  open(): void;
  leave(): void;
  choose(option: Option): void;
  key(event: KeyboardEvent): void;
}

/** What stands in the box, what is found by it, and where the arrows are. */
export function useChoice(
  code: string,
  source: Source,
  of: string,
  change: (code: string) => void,
): ChoiceBox {
  const [typed, setTyped] = useState<string>();
  const [chosen, setChosen] = useState<Option>();
  const [isWanted, setWanted] = useState(false);
  // By its code: when the options change under the arrows they stay at the same one, or at none.
  const [at, setAt] = useState<string>();
  const words = useCalm(typed ?? (isWanted ? '' : code)).trim();
  const isAsked = source.waitsFor === undefined;
  const isShort = words.length < source.least;
  const isUnknown = code !== '' && chosen?.code !== code && typed === undefined;
  // What is noted on people's pages is looked at when somebody wants to choose, not to name what stands there already.
  const looks = isWanted || (isUnknown && source.purpose === undefined);
  const { found, isFailed } = useFound(of, source, words, isAsked && looks && !isShort);
  const known = chosen?.code === code ? chosen : found?.options.find((one) => one.code === code);
  const isOpen = isWanted && isAsked;
  const options = (isOpen && !isShort && found?.options) || [];
  const active = placeOf(options, at);
  const close = () => {
    setWanted(false);
    setAt(undefined);
  };
  const choose = (option: Option) => {
    setChosen(option);
    setTyped(undefined);
    change(option.code);
    close();
  };
  const type = (text: string) => {
    setTyped(text);
    setAt(undefined);
    setWanted(true);
    change(text);
  };
  const leave = () => {
    const meant = named(options, typed);
    if (meant !== undefined) choose(meant);
    else close();
    setTyped(undefined);
  };
  const open = () => setWanted(true);
  const key = keysOf({ isOpen, options, active, setAt, open, close, choose });
  const text = typed ?? known?.name ?? code;
  return { text, isOpen, isShort, found, isFailed, options, active, type, open, leave, choose, key };
}

function useFound(of: string, source: Source, words: string, enabled: boolean) {
  const { data, isError } = useQuery({
    queryKey: ['choice', of, source.isWhole ? '' : words],
    queryFn: ({ signal }) => source.find(words, signal),
    enabled,
    // What was found meanwhile stays in sight, but nothing of another subject.
    placeholderData: (before, query) => (query?.queryKey[1] === of ? before : undefined),
  });
  return { found: data && shownOf(source, data, words), isFailed: isError };
}

function placeOf(options: readonly Option[], code: string | undefined): number | undefined {
  const place = options.findIndex((one) => one.code === code);
  return place < 0 ? undefined : place;
}

/** Whoever typed a whole name and went on has chosen it. */
function named(options: readonly Option[], typed = ''): Option | undefined {
  const meant = options.filter(({ name }) => name.toLowerCase() === typed.trim().toLowerCase());
  return meant.length === 1 ? meant[0] : undefined;
}

interface Keys extends Pick<ChoiceBox, 'isOpen' | 'options' | 'active' | 'open' | 'choose'> {
  setAt(code: string | undefined): void;
  close(): void;
}

/** Arrows open and go through the options, Enter chooses, Escape closes; everything else is typing. */
function keysOf({ isOpen, options, active, setAt, open, close, choose }: Keys) {
  const step = (by: 1 | -1) => {
    const last = options.length - 1;
    if (!isOpen) return open();
    if (last < 0) return;
    const from = active ?? (by === 1 ? -1 : last + 1);
    setAt(options[(from + by + last + 1) % (last + 1)]?.code);
  };
  return (event: KeyboardEvent) => {
    const option = active === undefined ? undefined : options[active];
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Escape' && isOpen) close();
    else if (event.key === 'Enter' && option !== undefined) choose(option);
    else return;
    event.preventDefault();
  };
}

/** A text once nobody has typed for a moment. */
function useCalm(text: string): string {
  const [calm, setCalm] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), calmMs);
    return () => clearTimeout(timer);
  }, [text]);
  return calm;
}
