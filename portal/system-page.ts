/** What a page asks the node for before anything else. */
export interface FirstAsked {
  /** The address exactly as the page asks for it, `asked(path)`; a word of the page's own path stands in it as there, such as `:system`. */
  readonly path: string;
  /** Whose page asks for it: roles of the system, or `self`; without them, everybody's. */
  readonly roles?: readonly string[];
  /** The answer is the same for all: it is fetched while the program is, and kept by the browser. Any other comes along with the page. */
  readonly isSame?: boolean;
}

/** A page that a system brings in its folder `ui`, listed in `ui/pages.ts`. */
export interface SystemPage {
  /** Path under the system's name, such as `counter` or `settlement/:subject/:key`; it stands before a generated page of the same path. */
  readonly path: string;
  /** File in the folder, such as `counter.tsx`; it exports `Page`. */
  readonly source: string;
  /** Roles of the system, or `self` or `public`, whose navigation shows it under `title`; none: only links lead there. */
  readonly nav?: readonly string[];
  readonly title?: { readonly 'zh-CN': string; readonly en: string };
  /** The command that it is made for: lists of what one may do lead to it and not to the generated form. */
  readonly command?: string;
  readonly first?: readonly FirstAsked[];
}

/** What a system shows on the front page of those who use it, listed as `home` in `ui/pages.ts`. */
export interface SystemHome {
  /** File in the folder, `home-<what>.tsx`; it exports `Part`. */
  readonly source: string;
  /** Roles of the system, or `self`. */
  readonly roles: readonly string[];
  readonly first?: readonly FirstAsked[];
}

/** What `ui/pages.ts` of a system exports. */
export interface SystemUi {
  readonly pages: readonly SystemPage[];
  readonly home?: readonly SystemHome[];
}
