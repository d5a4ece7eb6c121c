/** Brings the palette's search to hand, also where the palette is folded. */
let focusSearch: (() => void) | undefined;

export function setPaletteFocus(focus: (() => void) | undefined): void {
  focusSearch = focus;
}

export function searchPalette(): void {
  focusSearch?.();
}
