/** F1: what the field with the focus is, what it takes, and where its number comes from. */

function aboutButton(): HTMLElement | null {
  const field = document.activeElement?.closest('[data-path]');
  return field?.querySelector<HTMLElement>('.form-about button') ?? null;
}

/** The focus is in a field that has help. */
export function isInField(): boolean {
  return aboutButton() !== null;
}

export function helpOnField(): void {
  aboutButton()?.click();
}
