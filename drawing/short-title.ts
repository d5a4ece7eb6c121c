/** A component's name without its maker's, where room is scarce: Amazon Data Firehose -> Data Firehose. */
export function shortTitle(title: string): string {
  return title.replace(/^(Amazon|AWS) /, '');
}
