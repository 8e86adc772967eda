import type { Declaration } from '../api/types.ts';
import { choiceText } from '../app/declaration.ts';
import { basisPoints, dayText, yuan } from '../app/format.ts';
import { t } from '../app/texts.ts';
import { leafKind } from './flat.ts';
import { say } from './law-words.ts';

/** A parameter's value as the node tells it. */
export interface LawValue {
  readonly value: unknown;
  /** Names of its fields that are fen; '' for an amount by itself. */
  readonly money: readonly string[];
}

interface LawLeafProps extends Pick<LawValue, 'money'> {
  readonly declared: Pick<Declaration, 'texts'>;
  /** Undefined where nothing stands. */
  readonly text: string | undefined;
  readonly path: string;
}

/**
 * What stands at a place of a parameter: amounts in yuan, shares in percent, days and choices in words; a name that the law's text has no words
 * for is shown as one.
 */
export function LawLeaf({ declared, text, path, money }: LawLeafProps) {
  if (text === undefined) return '–';
  switch (leafKind(path, text, money)) {
    case 'money':
      return say('value.yuan', { amount: text.split(', ').map(yuan).join(t('form.comma')) });
    case 'basis-points':
      return basisPoints(Number(text));
    case 'day':
      return dayText(text);
    case 'words':
      return <LeafWords declared={declared} text={text} path={path} />;
  }
}

function LeafWords({ declared, text, path }: Omit<LawLeafProps, 'money'> & { readonly text: string }) {
  const name = path.split('.').at(-1) ?? '';
  const words = text.split(', ').map((word) => {
    if (word === 'true' || word === 'false') return t(word === 'true' ? 'field.yes' : 'field.no');
    return declared.texts[`${name}.${word}`] ?? choiceText(declared, word);
  });
  const shown = words.join(t('form.comma'));
  return shown === text && /^[a-z]/.test(shown) ? <code>{shown}</code> : shown;
}
