/** Keys are written as this computer's keyboard has them. */
export const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);
