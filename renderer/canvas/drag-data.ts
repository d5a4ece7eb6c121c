/** What a component carries while it is dragged from the palette to the canvas. */
const KIND = 'application/x-caudal-component';

export function dragComponent(data: DataTransfer, type: string, title: string): void {
  data.setData(KIND, type);
  data.setData('text/plain', title);
  data.effectAllowed = 'copy';
}

export function isComponentDrag(data: DataTransfer): boolean {
  return data.types.includes(KIND);
}

export function draggedType(data: DataTransfer): string | undefined {
  const type = data.getData(KIND);
  return type === '' ? undefined : type;
}
