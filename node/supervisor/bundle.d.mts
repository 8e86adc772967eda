/** What is built: `entries` by name (`main` becomes `main.mjs`), from the checkout at `top`, below the folder `into`. */
export type BundleWish = { top: string; entries: Readonly<Record<string, string>>; into: string };

/**
 * Bundles our own TypeScript, once for each state of the source, into `<into>/<hash>/`, and returns that folder. What runs from
 * it needs neither loader nor compiler in its memory.
 */
export function bundle(wish: BundleWish): Promise<string>;

/** Where the bundles of the checkout at `top` are kept: beside the packages, or, where that is closed, in the OS's temporary folder. */
export function bundleFolder(top: string): string;
