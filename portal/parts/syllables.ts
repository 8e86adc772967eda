/** A name in pinyin that may break between its syllables, without a hyphen for which there is no room: a tile is narrower than Lianyungang. */
export function inSyllables(name: string): string {
  return name.replace(/([aeiouü]+(?:ng|n|r)?)(?=(?:[zcs]h|[b-df-hj-np-tv-z])[aeiouü])/g, '$1\u200b');
}
