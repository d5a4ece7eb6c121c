/** Sentences of the host name options of the command line; in the window the same is done with what is on screen. */

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/;? ?to deploy the rest without it, add --allow-left-out/g, ''],
  [/deploy with --accept-drift: what/g, 'deploy again and choose to write over it: what'],
  [/, or name a profile with --profile/g, ', or choose a profile at the account in the top bar'],
  [/;? ?name that one with --region/g, '; choose that one at the account in the top bar'],
  [/: say which with --region \S+ or --region \S+/g, ': choose one at the account in the top bar'],
  [/ ?\(caudal status \S+ --follow\)/g, ' (Follow shows it)'],
  [/`?--keep LOGICAL_ID`? leaves a resource behind/g, 'or leave what cannot be deleted behind, which is offered below'],
  [/keep it with `--keep`/g, 'leave it behind'],
  [/: raise it with --ceiling/g, ': raise the ceiling to go on'],
  [
    /start without --read-only to change anything/g,
    'switch "Read only" off at the account in the top bar to change anything',
  ],
  [/switch "read only" off/g, 'switch "Read only" off at the account in the top bar'],
  [/, and there is no terminal to ask for it; run the command in one/g, '; try again to be asked for it'],
  [/^--(stack-name|region|profile): /g, ''],
];

/** The same, as the window says it: a sentence with a capital letter and a stop. */
export function windowWords(text: string): string {
  const replaced = REPLACED.reduce((words, [from, to]) => words.replace(from, to), text.trim());
  const first = /^[a-z]+\b(?![:_./-])/.test(replaced) ? replaced.charAt(0).toUpperCase() + replaced.slice(1) : replaced;
  return /[.!?:]$/.test(first) || first.includes('\n') ? first : `${first}.`;
}
