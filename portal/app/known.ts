/**
 * Answers that the node sent along with the page, by their addresses: whatever a page asks for first. None when the browser shows a page that it
 * kept, for they are of when it came.
 */
export function knownAnswers(): readonly (readonly [path: string, answer: unknown])[] {
  const [arrival] = performance.getEntriesByType('navigation');
  if (arrival instanceof PerformanceNavigationTiming && arrival.type === 'back_forward') return [];
  const text = document.getElementById('known')?.textContent;
  return text ? Object.entries(JSON.parse(text) as object) : [];
}
