/** What a contender is asked to run. */
export type ContenderSpec =
  | {
      /** `loop`: by hand with Caudal's customers; `loop-own`: by hand with a generator of its own. */
      readonly kind: 'caudal' | 'loop' | 'loop-own' | 'simjs' | 'simpy';
      readonly stations: number;
      readonly customersPerSecond: number;
      readonly seconds: number;
    }
  | { readonly kind: 'pending-kernel' | 'pending-heap'; readonly pending: number; readonly events: number }
  | { readonly kind: 'pending-document'; readonly pending: number; readonly seconds: number }
  /** Stream, mapping, function, queue, consumer at `factor` times the load and size of the scenario. */
  | {
      readonly kind: 'pipeline';
      readonly factor: number;
      readonly seconds: number;
      readonly fidelity: 'auto' | 'exact';
    }
  /** A document of its own: a day of platform load, or a file of `scenarios/`. */
  | { readonly kind: 'day'; readonly name: string; readonly seconds: number; readonly fidelity: 'auto' | 'exact' };
