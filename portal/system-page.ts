/** What a page asks the node for before anything else: the node sends the answer along with the page to those who may have it. */
export interface FirstAsked {
  /** The address exactly as the page asks for it, `asked(path)`; a word of the page's own path stands in it as there, such as `:system`. */
  readonly path: string;
  /** Who may: roles of the system, `self`, `public`. */
  readonly roles: readonly string[];
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
  /** Addresses that it asks for first. */
  readonly first?: readonly string[];
}

/** What `ui/pages.ts` of a system exports. */
export interface SystemUi {
  readonly pages: readonly SystemPage[];
  readonly home?: readonly SystemHome[];
}
