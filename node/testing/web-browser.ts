/** A browser without pages: keeps cookies, and follows redirects one by one. */
export class WebBrowser {
  readonly #cookies = new Map<string, string>();

  /** One request, as the person's own click: its redirect is not followed. */
  async open(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...Object.fromEntries(new Headers(init.headers)), cookie };
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Goes on from a request until an address that `stop` names, or a page. Throws when it goes round in circles. */
  async follow(
    url: string,
    init: RequestInit = {},
    stop: (url: string) => boolean = () => false,
  ): Promise<{ readonly url: string; readonly answer: Response }> {
    let at = url;
    let answer = await this.open(at, init);
    for (let hop = 0; hop < 12; hop++) {
      const next = answer.headers.get('location');
      if (next === null) return { url: at, answer };
      at = new URL(next, at).href;
      if (stop(at)) return { url: at, answer };
      answer = await this.open(at);
    }
    throw new Error(`too many redirects, the last to ${at}`);
  }

  /** Takes over what another browser holds, as whoever copies its cookies would. */
  copy(): WebBrowser {
    const other = new WebBrowser();
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value);
    return other;
  }
}
