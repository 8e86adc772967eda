/** A name in pinyin with a soft hyphen between its syllables: a tile is narrower than Lianyungang. */
export function inSyllables(name: string): string {
  return name.replace(/([aeiouü]+(?:ng|n|r)?)(?=(?:[zcs]h|[b-df-hj-np-tv-z])[aeiouü])/g, '$1\u00ad');
}
