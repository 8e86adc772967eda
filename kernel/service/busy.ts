/** Nothing was taken, for the node has too much to do, has no writer, or stops: the same may be asked again after `retryAfterMs`. */
export class NodeBusy extends Error {
  override readonly name = 'NodeBusy';
  readonly retryAfterMs: number;

  constructor(detail: string, retryAfterMs: number) {
    super(detail);
    this.retryAfterMs = retryAfterMs;
  }
}
