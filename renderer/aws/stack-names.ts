import { stackNameSchema } from '#schema/deployment.ts';

/** What is wrong with a name for a stack, in words; undefined where nothing is. */
export function stackNameFault(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'Give the stack a name.';
  if (trimmed.endsWith('-guard')) return 'Names that end with -guard are those of guard stacks.';
  return stackNameSchema.safeParse(trimmed).success
    ? undefined
    : 'A name has letters, digits and hyphens, begins with a letter, and is at most 128 long.';
}

const GUARD = /-guard$/;

/** The guard stacks of deployments stand in the same list: those whose deployment is gone are left behind. */
export function splitGuards<One extends { readonly stackName: string }>(
  all: readonly One[],
): { readonly deployments: readonly One[]; readonly orphans: readonly One[] } {
  const names = new Set(all.map(({ stackName }) => stackName));
  const isGuard = ({ stackName }: One): boolean => GUARD.test(stackName);
  return {
    deployments: all.filter((one) => !isGuard(one)),
    orphans: all.filter((one) => isGuard(one) && !names.has(guarded(one.stackName))),
  };
}

/** The deployment that a guard stack belongs to. */
export function guarded(guard: string): string {
  return guard.replace(GUARD, '');
}
