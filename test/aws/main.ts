/** `npm run test:aws`: guards, runs the smoke test at the terminal, and says how it ended. */
import { describeFault, EnvironmentError, InputError } from '#schema/errors.ts';
import { caudalTelling, type Ran } from '#test/harness/command-line.ts';
import { allowedAccount } from './guard.ts';
import { smokeTest } from './smoke.ts';

/** One command line; what it tells on the way is shown, what it prints is kept. */
function caudal(...argv: readonly string[]): Promise<Ran> {
  return caudalTelling((text) => process.stderr.write(text.replace(/^(?=.)/gm, '        ')), argv);
}

/** 0: all steps passed; 1: some failed; 3: nothing was begun. */
export async function testAws(environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(new Error('cancelled; what was deployed is being taken away'));
  process.once('SIGINT', cancel);
  try {
    const account = await allowedAccount(environment);
    try {
      const tell = (line: string): void => console.log(line);
      const failed = await smokeTest({ account, caudal, tell, signal: controller.signal });
      console.log(failed === 0 ? 'All steps passed' : `${failed} ${failed === 1 ? 'step' : 'steps'} failed`);
      return failed === 0 ? 0 : 1;
    } finally {
      account.close();
    }
  } catch (error) {
    if (error instanceof InputError) for (const fault of error.faults) console.error(describeFault(fault));
    else if (error instanceof EnvironmentError) console.error(error.message);
    else throw error;
    return 3;
  } finally {
    process.removeListener('SIGINT', cancel);
  }
}
