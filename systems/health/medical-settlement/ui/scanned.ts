/** What a scanner or card reader typed: the person's number, and the insured place where the code names it. */
export interface Scanned {
  readonly person: string;
  readonly insuredPlace?: string;
}

/**
 * Reads what a scanner types into the field of the person: a citizen number alone, or within other text, followed or not by the code of
 * the insured place. Undefined while there is no whole number in it.
 */
export function scanned(text: string, isCity: (code: string) => boolean): Scanned | undefined {
  const plain = text.normalize('NFKC').toUpperCase();
  const person = /(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9X])/.exec(plain)?.[0];
  if (person === undefined) return undefined;
  const rest = plain.replace(person, ' ');
  const place = rest.match(/(?<![0-9])[1-9][0-9]{5}(?![0-9])/g)?.find(isCity);
  return place === undefined ? { person } : { person, insuredPlace: place };
}
