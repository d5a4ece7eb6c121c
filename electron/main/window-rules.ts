/** Where the window may go: to its own pages. What a link leads to opens in the user's browser, if it is the web at all. */

/** The page is served under a scheme of its own: unlike a file it has an origin, and headers. */
export const windowScheme = 'caudal';
export const windowAddress = `${windowScheme}://window/`;

export function isOwnAddress(url: string): boolean {
  return url === windowAddress || url.startsWith(`${windowAddress}?`) || url.startsWith(`${windowAddress}#`);
}

/** Sources and documentation: opened outside. Anything but https (files, other schemes, other programs) is not. */
export function isOutsideLink(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
