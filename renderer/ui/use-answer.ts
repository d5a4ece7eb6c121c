import { useEffect, useState } from 'react';
import { useApp } from '#renderer/state/app-store.ts';

/** What the host answers, asked again after each lost connection; undefined before, and where it gives no answer. `ask`: one and the same function each time. */
export function useAnswer<Answer>(ask: () => Promise<Answer>): Answer | undefined {
  const isConnected = useApp((state) => state.connection === 'open');
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    ask().then(
      (found) => isCurrent && setAnswer(() => found),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [ask, isConnected]);
  return answer;
}
