const grammar = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text is a UUID of version 7 in small letters. */
export function isUuid7(text: string): boolean {
  return grammar.test(text);
}
